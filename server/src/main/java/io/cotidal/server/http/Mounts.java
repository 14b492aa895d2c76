package io.cotidal.server.http;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Protocols of originals below paths of the API's own listener. What is asked for elsewhere goes to
 * the API, and what is asked for there never does. Thread-safe.
 */
public final class Mounts extends Handler.Wrapper {
  private final Map<String, CompatFront> fronts = new ConcurrentHashMap<>();

  /** None yet, before {@code api}. */
  public Mounts(Handler api) {
    super(api);
  }

  /**
   * From now on {@code front} answers there.
   *
   * @param first the first part of the paths, plain lower-case letters
   * @throws IllegalArgumentException if it is another word, or taken
   */
  public void add(String first, CompatFront front) {
    if (!first.matches("[a-z]{1,30}") || first.equals("api")) {
      throw new IllegalArgumentException(first + " is no place for a protocol of its own");
    }
    if (fronts.putIfAbsent(first, front) != null) {
      throw new IllegalArgumentException(first + " is taken");
    }
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    Optional<CompatFront> front = front(request.getHttpURI().getPath());
    return front.isPresent()
        ? front.get().handle(request, response, callback)
        : super.handle(request, response, callback);
  }

  /** By the path as it came: what is written otherwise is not under it, and the API refuses it. */
  private Optional<CompatFront> front(@Nullable String path) {
    if (path == null || !path.startsWith("/")) {
      return Optional.empty();
    }
    int end = path.indexOf('/', 1);
    return end < 0 ? Optional.empty() : Optional.ofNullable(fronts.get(path.substring(1, end)));
  }
}
