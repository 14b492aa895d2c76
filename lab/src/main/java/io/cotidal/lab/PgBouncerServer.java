package io.cotidal.lab;

import io.cotidal.remote.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;

/**
 * A real pgbouncer on loopback that pools transactions. It knows no database until somebody writes
 * {@link #databases}.
 */
public final class PgBouncerServer {
  /** As whom its console is used. */
  public static final String ADMINISTRATOR = "pgbouncer";

  /** The administrator's password. */
  public static final String PASSWORD = "secret-of-the-lab";

  private static final Path SERVER = Path.of("/usr/sbin/pgbouncer");

  private final Path folder;
  private final int port;
  private final ProxyProcess process;

  private PgBouncerServer(ServerRegistry registry) throws IOException {
    this.folder = registry.folder("pgbouncer");
    this.port = registry.port();
    this.process =
        new ProxyProcess(
            registry,
            folder,
            List.of(SERVER.toString(), folder.resolve("pgbouncer.ini").toString()),
            port);
  }

  /** Why none can be run here, with the remedy; empty if one can. */
  public static Optional<String> missing() {
    return Files.isExecutable(SERVER)
        ? Optional.empty()
        : Optional.of("pgbouncer is not installed: apt-get install pgbouncer");
  }

  /** Makes one through which {@code login} may pass, by SCRAM, and starts it. */
  public static PgBouncerServer start(ServerRegistry registry, Login login) throws IOException {
    return start(registry, login, "scram-sha-256");
  }

  /**
   * The same.
   *
   * @param authentication its {@code auth_type}
   */
  public static PgBouncerServer start(ServerRegistry registry, Login login, String authentication)
      throws IOException {
    Optional<String> missing = missing();
    if (missing.isPresent()) {
      throw new IOException(missing.get());
    }
    PgBouncerServer server = new PgBouncerServer(registry);
    server.make(login, authentication);
    server.start();
    return server;
  }

  private void make(Login login, String authentication) throws IOException {
    Files.writeString(databases(), "[databases]\n");
    Files.writeString(
        folder.resolve("pgbouncer.ini"),
        """
        %%include %1$s
        [pgbouncer]
        listen_addr = 127.0.0.1
        listen_port = %2$d
        unix_socket_dir =
        auth_type = %5$s
        auth_file = %3$s
        admin_users = %4$s
        pool_mode = transaction
        server_login_retry = 1
        server_connect_timeout = 2
        ignore_startup_parameters = extra_float_digits
        """
            .formatted(databases(), port, folder.resolve("users"), ADMINISTRATOR, authentication));
    Path users = folder.resolve("users");
    Files.writeString(
        users,
        "\"%s\" \"%s\"\n\"%s\" \"%s\"\n"
            .formatted(ADMINISTRATOR, PASSWORD, login.user(), login.password().reveal()));
    Files.setPosixFilePermissions(users, PosixFilePermissions.fromString("rw-------"));
  }

  /**
   * Lines of a daemon's configuration that name it as the only proxy.
   *
   * @param secrets a folder for the file with its password
   */
  public String configuration(Path secrets) throws IOException {
    Path password = secrets.resolve("console.password");
    Files.writeString(password, PASSWORD);
    Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-------"));
    return """
        proxies:
          - name: bouncer
            pgbouncer:
              port: %d
              password: {secret: "file:%s"}
              file: "%s"
              databases: {postgres: "pool_size=5"}
    """
        .formatted(port, password, databases());
  }

  /** The file that says where its databases lead. */
  public Path databases() {
    return folder.resolve("databases.ini");
  }

  /** Where it listens, on 127.0.0.1, for clients and for its console. */
  public int port() {
    return port;
  }

  /** Starts it again. */
  public void start() throws IOException {
    process.start();
  }

  /** Kills it. */
  public void kill() throws IOException {
    process.kill();
  }

  /** Freezes it, or lets it go on. */
  public void freeze(boolean frozen) throws IOException {
    process.signal(frozen ? Signal.STOP : Signal.CONTINUE);
  }

  /** What it has said so far. */
  public String said() throws IOException {
    return process.said();
  }
}
