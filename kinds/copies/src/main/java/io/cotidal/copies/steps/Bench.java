package io.cotidal.copies.steps;

import io.cotidal.copies.database.DatabaseEngine;
import io.cotidal.copies.database.Installation;
import io.cotidal.copies.database.Place;
import io.cotidal.copies.database.User;
import io.cotidal.copies.servers.Certificates;
import io.cotidal.copies.servers.PortLedger;
import io.cotidal.copies.servers.ServerRuntime;
import io.cotidal.copies.servers.StartQueue;
import io.cotidal.copies.spec.CopiesSpec;
import io.cotidal.copies.storage.Volume;
import io.cotidal.engine.SecretStore;
import io.cotidal.engine.snapshot.SnapshotSource;
import io.cotidal.model.Secret;
import io.cotidal.remote.LocalProcesses;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;

/**
 * What acts on one template's places work with. Thread-safe.
 *
 * @param spec of the template
 * @param tools what all templates of the host share
 */
record Bench(CopiesSpec spec, Tools tools, Layout layout, Sessions sessions) {
  private static final int PASSWORD = 24;
  private static final String LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";

  /** Accounts after those of the copies: one in which each template's dumps are loaded. */
  private static final int LOADERS = 1_000;

  /**
   * What all templates that share a volume share.
   *
   * @param installation of the engine, found once
   * @param sources of templates that are taken of replicas
   */
  record Tools(
      DatabaseEngine engine,
      Installation installation,
      Volume volume,
      ServerRuntime runtime,
      PortLedger ports,
      Certificates certificates,
      StartQueue starts,
      SecretStore secrets,
      LocalProcesses processes,
      SecureRandom random,
      SnapshotSources sources) {}

  /** The cluster whose data the template holds, if it is taken of one that is managed here. */
  Optional<SnapshotSource> source() {
    return spec.template().from().flatMap(from -> tools.sources().of(from.resource()));
  }

  static Bench of(CopiesSpec spec, Tools tools) {
    return new Bench(spec, tools, new Layout(spec), new Sessions());
  }

  /** The place of a copy or spare, with the port that it has; 0 if it has none. */
  Place place(String id) throws IOException {
    int port = tools.ports().held(layout.run(id)).orElse(0);
    return place(id, port, uid(port));
  }

  /** The place in which a dump is loaded: on no network. */
  Place loading(String id) {
    int copies = spec.service().lastPort() - spec.service().firstPort() + 1;
    int slot = Math.floorMod(spec.id().name().hashCode(), LOADERS);
    int first = spec.service().firstUid();
    return place(id, 0, first < 0 ? -1 : first + copies + slot);
  }

  private Place place(String id, int port, int uid) {
    return new Place(
        layout.unique(id),
        layout.data(id),
        layout.run(id),
        uid,
        spec.service().listen(),
        port,
        spec.database().memoryMegabytes());
  }

  /** Each port has an account of its own: no two servers that exist share one. */
  private int uid(int port) {
    int first = spec.service().firstUid();
    return first < 0 || port == 0 ? -1 : first + port - spec.service().firstPort();
  }

  /** By what users may call a copy's host. */
  List<String> names() {
    return List.of(spec.service().host(), spec.service().listen(), "localhost", "127.0.0.1")
        .stream()
        .distinct()
        .filter(name -> !name.equals("0.0.0.0") && !name.equals("::"))
        .toList();
  }

  /** The administrator's password of a generation. */
  Secret administrator(String generation) throws IOException {
    return tools
        .secrets()
        .find(spec.id(), generation + "/administrator")
        .orElseThrow(() ->
            new IOException(
                "the administrator's password of " + generation + " is not in the store"));
  }

  /** How the volume copies, or the server in which copies are databases. */
  String method() {
    return switch (spec.service().isolation()) {
      case SERVER -> tools.volume().method().words();
      case DATABASE -> Hosts.method(tools.volume());
    };
  }

  /** The password of a copy's user, random when it was first asked for. */
  Secret password(String id) {
    String name = id + "/password";
    Optional<Secret> fixed = spec.database().password();
    if (fixed.isPresent()) {
      return fixed.get();
    }
    Optional<Secret> known = tools.secrets().find(spec.id(), name);
    Secret password = known.orElseGet(this::random);
    if (known.isEmpty()) {
      tools.secrets().put(spec.id(), name, password);
    }
    return password;
  }

  /** The user of a copy with a server of its own. */
  User user(String id) {
    return new User(spec.database().user(), password(id), spec.database().name());
  }

  /** The same account with a password that nobody will ever know. */
  User stranger(String id) {
    User user = user(id);
    return new User(user.name(), random(), user.database());
  }

  /** Letters and digits alone: no dialect of connection strings has to escape them. */
  Secret random() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < PASSWORD; i++) {
      text.append(LETTERS.charAt(tools.random().nextInt(LETTERS.length())));
    }
    return new Secret(text.toString());
  }
}
