package io.cotidal.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A real HAProxy on loopback with two ways to the primary: one whose servers somebody switches at
 * the runtime socket, and one that asks a URL which of them it is.
 */
public final class HaProxyServer {
  /** The backend whose servers are switched. */
  public static final String BACKEND = "orders";

  private static final Path SERVER = Path.of("/usr/sbin/haproxy");

  private final Path folder;
  private final int switched;
  private final int checked;
  private final ProxyProcess process;

  /**
   * Whom it asks.
   *
   * @param port of the daemon on the loopback
   * @param token what it shows
   */
  public record Asks(int port, String token) {}

  /** One that is not started yet; its socket and its ports are known already. */
  public HaProxyServer(ServerRegistry registry) throws IOException {
    this.folder = registry.folder("haproxy");
    this.switched = registry.port();
    this.checked = registry.port();
    this.process =
        new ProxyProcess(
            registry,
            folder,
            List.of(SERVER.toString(), "-db", "-f", folder.resolve("haproxy.cfg").toString()),
            switched);
  }

  /** Why none can be run here, with the remedy; empty if one can. */
  public static Optional<String> missing() {
    return Files.isExecutable(SERVER)
        ? Optional.empty()
        : Optional.of("HAProxy is not installed: apt-get install haproxy");
  }

  /** Starts it before {@code members}. */
  public void start(List<Target> members, Asks asks) throws IOException {
    Optional<String> missing = missing();
    if (missing.isPresent()) {
      throw new IOException(missing.get());
    }
    make(members, asks);
    process.start();
  }

  private void make(List<Target> members, Asks asks) throws IOException {
    StringBuilder plain = new StringBuilder();
    StringBuilder asking = new StringBuilder();
    for (Target member : members) {
      String server = "  server " + member.member() + " " + member.host() + ":" + member.port();
      plain.append(server).append(" disabled\n");
      asking
          .append(server)
          .append(" check inter 200ms fall 1 rise 1 on-marked-down shutdown-sessions")
          .append(" addr 127.0.0.1 port ")
          .append(asks.port())
          .append('\n');
    }
    Files.writeString(
        folder.resolve("haproxy.cfg"),
        """
        global
          stats socket %1$s mode 600 level admin
          maxconn 200
        defaults
          mode tcp
          timeout connect 2s
          timeout client 60s
          timeout server 60s
          timeout check 1s
        frontend switched
          bind 127.0.0.1:%2$d
          default_backend %3$s
        backend %3$s
        %4$s
        frontend checked
          bind 127.0.0.1:%5$d
          default_backend asking
        backend asking
          option httpchk
          http-check send meth GET uri-lf /postgres/orders/primary?member=%%[srv_name] \
        ver HTTP/1.1 hdr Host localhost hdr Authorization "Bearer %6$s"
          http-check expect status 200
        %7$s
        """
            .formatted(socket(), switched, BACKEND, plain, checked, asks.token(), asking));
  }

  /** Its runtime socket. */
  public Path socket() {
    return folder.resolve("admin.sock");
  }

  /** Where clients reach the backend {@link #BACKEND}. */
  public int switched() {
    return switched;
  }

  /** Where clients reach the member for which the URL says yes. */
  public int checked() {
    return checked;
  }

  /** What it has said so far. */
  public String said() throws IOException {
    return process.said();
  }
}
