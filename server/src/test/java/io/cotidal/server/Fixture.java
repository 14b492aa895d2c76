package io.cotidal.server;

import io.cotidal.model.Permission;
import io.cotidal.server.fake.FakeIntake;
import io.cotidal.server.fake.FakePlane;
import io.cotidal.server.fake.MemoryTokens;
import io.cotidal.server.fake.Scenes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** A real server on a free port over a control plane in memory, with a clock that tests move. */
final class Fixture implements AutoCloseable {
  final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
  final FakePlane plane = new FakePlane(Scenes.actions());
  final MemoryTokens tokens = new MemoryTokens();
  final FakeIntake intake = new FakeIntake("postgres", "rejoin");
  final ApiServer server;

  Fixture(ServerOptions options) throws IOException {
    plane.show(Scenes.healthy(Scenes.ORDERS));
    InstantSource clock = now::get;
    InetSocketAddress bind = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    server = new ApiServer(bind, plane, tokens, clock, options.with(List.of(intake)));
    server.start();
  }

  Fixture() throws IOException {
    this(ServerOptions.of("1.2.3-test"));
  }

  void pass(Duration time) {
    now.updateAndGet(instant -> instant.plus(time));
  }

  /** The secret of a new token. */
  String token(Permission permission, String scope) {
    String id = "t" + (tokens.list().size() + 1);
    return server
        .credentials()
        .issue(id, permission, scope, Duration.ofDays(1))
        .orElseThrow()
        .secret()
        .reveal();
  }

  /** A client with a token of that id. */
  Http named(String id, Permission permission) {
    return nobody()
        .bearer(
            server
                .credentials()
                .issue(id, permission, "*", Duration.ofDays(1))
                .orElseThrow()
                .secret()
                .reveal());
  }

  Http nobody() {
    return new Http(server.port());
  }

  Http as(Permission permission) {
    return nobody().bearer(token(permission, "*"));
  }

  @Override
  public void close() {
    server.close();
  }
}
