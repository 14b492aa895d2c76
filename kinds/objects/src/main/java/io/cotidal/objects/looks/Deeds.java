package io.cotidal.objects.looks;

import io.cotidal.model.Secret;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.state.Act;
import io.cotidal.objects.state.Change;
import io.cotidal.objects.swift.Swift;
import io.cotidal.objects.swift.SwiftTrouble;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.http.kept.Header;
import io.cotidal.remote.http.kept.Headers;
import java.util.Map;

/** Does at one site what was decided about a container. */
public final class Deeds {
  private static final String POLICY = "x-storage-policy";

  private Deeds() {}

  /**
   * Does it.
   *
   * @param act to wait does nothing, and so does to drain: objects are not its business
   * @return whether it was not there before, and was made
   * @throws SwiftTrouble if it is not done, or nobody can tell
   */
  public static boolean done(Swift site, ContainerName name, Act act, Deadline deadline)
      throws SwiftTrouble {
    return switch (act) {
      case Act.Create create ->
          site.containers().put(name, headers(create.policy(), create.change()), deadline);
      case Act.Undelete again ->
          site.containers().put(name, headers(again.policy(), again.change()), deadline);
      case Act.Post post -> {
        for (Change change : post.requests()) {
          site.containers().post(name, headers("", change), deadline);
        }
        yield false;
      }
      case Act.Delete _ -> {
        boolean _ = site.containers().delete(name, deadline);
        yield false;
      }
      case Act.Drain _, Act.Hold _ -> false;
    };
  }

  private static Headers headers(String policy, Change change) {
    Headers all = Headers.NONE;
    for (Map.Entry<String, Secret> each : change.headers().entrySet()) {
      all = all.with(new Header(each.getKey(), each.getValue().reveal()));
    }
    return policy.isEmpty() ? all : all.with(POLICY, policy);
  }
}
