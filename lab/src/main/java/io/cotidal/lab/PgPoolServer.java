package io.cotidal.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * A real Pgpool-II on loopback in streaming replication mode, that decides nothing by itself: it
 * looks for a primary only as it starts and when it is told that a node is gone or back.
 */
public final class PgPoolServer {
  /** As whom its control port is used. */
  public static final String ADMINISTRATOR = "cotidal";

  /** The administrator's password. */
  public static final String PASSWORD = "secret-of-the-lab";

  private static final Path SERVER = Path.of("/usr/sbin/pgpool");

  private final Path folder;
  private final int port;
  private final int control;
  private final ProxyProcess process;

  private PgPoolServer(ServerRegistry registry) throws IOException {
    this.folder = registry.folder("pgpool");
    this.port = registry.port();
    this.control = registry.port();
    this.process =
        new ProxyProcess(
            registry,
            folder,
            List.of(
                SERVER.toString(),
                "-n",
                "-D",
                "-f",
                folder.resolve("pgpool.conf").toString(),
                "-F",
                folder.resolve("pcp.conf").toString(),
                "-a",
                folder.resolve("pool_hba.conf").toString()),
            control);
  }

  /** Why none can be run here, with the remedy; empty if one can. */
  public static Optional<String> missing() {
    return Files.isExecutable(SERVER)
        ? Optional.empty()
        : Optional.of("Pgpool-II is not installed: apt-get install pgpool2");
  }

  /** Makes one before {@code members}, through which {@code login} may pass. */
  public static PgPoolServer make(ServerRegistry registry, List<Target> members, Login login)
      throws IOException {
    Optional<String> missing = missing();
    if (missing.isPresent()) {
      throw new IOException(missing.get());
    }
    PgPoolServer server = new PgPoolServer(registry);
    server.write(members, login);
    return server;
  }

  private void write(List<Target> members, Login login) throws IOException {
    StringBuilder backends = new StringBuilder();
    for (int i = 0; i < members.size(); i++) {
      Target member = members.get(i);
      backends.append(
          """
          backend_hostname%1$d = '%2$s'
          backend_port%1$d = %3$d
          backend_weight%1$d = 1
          backend_flag%1$d = 'ALLOW_TO_FAILOVER'
          """
              .formatted(i, member.host(), member.port()));
    }
    String password = login.password().reveal();
    Files.writeString(
        folder.resolve("pgpool.conf"),
        """
        backend_clustering_mode = 'streaming_replication'
        listen_addresses = '127.0.0.1'
        port = %1$d
        socket_dir = '%2$s'
        pcp_listen_addresses = '127.0.0.1'
        pcp_port = %3$d
        pcp_socket_dir = '%2$s'
        pid_file_name = '%2$s/pgpool.pid'
        logdir = '%2$s'
        log_destination = 'stderr'
        num_init_children = 8
        max_pool = 1
        connection_cache = off
        enable_pool_hba = on
        pool_passwd = 'pool_passwd'
        load_balance_mode = on
        connect_timeout = 1000
        health_check_period = 0
        failover_on_backend_error = off
        failover_on_backend_shutdown = off
        detach_false_primary = off
        auto_failback = off
        failover_command = ''
        follow_primary_command = ''
        sr_check_period = 0
        sr_check_user = '%4$s'
        sr_check_password = '%5$s'
        sr_check_database = 'postgres'
        search_primary_node_timeout = 5
        %6$s
        """
            .formatted(port, folder, control, login.user(), password, backends));
    Files.writeString(folder.resolve("pcp.conf"), ADMINISTRATOR + ":" + md5(PASSWORD) + "\n");
    Files.writeString(folder.resolve("pool_hba.conf"), "host all all 127.0.0.1/32 scram-sha-256\n");
    Path passwords = folder.resolve("pool_passwd");
    Files.writeString(passwords, login.user() + ":TEXT" + password + "\n");
    Files.setPosixFilePermissions(passwords, PosixFilePermissions.fromString("rw-------"));
  }

  private static String md5(String text) {
    try {
      byte[] hash = MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has MD5", e);
    }
  }

  /**
   * Lines of a daemon's configuration that name it as a proxy.
   *
   * @param secrets a folder for the file with its password
   */
  public String configuration(String name, Path secrets) throws IOException {
    Path password = secrets.resolve("pcp.password");
    Files.writeString(password, PASSWORD);
    Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-------"));
    return """
          - name: %s
            pgpool:
              port: %d
              user: %s
              password: {secret: "file:%s"}
              gate: "%s"
    """
        .formatted(name, control, ADMINISTRATOR, password, secrets.resolve(name));
  }

  /** Where it listens for clients, on 127.0.0.1. */
  public int port() {
    return port;
  }

  /** Where its control port listens, on 127.0.0.1. */
  public int control() {
    return control;
  }

  /** Starts it, after {@link #stop} too. */
  public void start() throws IOException {
    process.start();
  }

  /** Ends it with all its processes, without waiting for clients. */
  public void stop() throws IOException {
    new ServerProcesses(folder).end();
  }

  /** Freezes all of it, or lets it go on. */
  public void freeze(boolean frozen) throws IOException {
    ServerProcesses processes = new ServerProcesses(folder);
    if (frozen) {
      processes.freeze();
    } else {
      processes.thaw();
    }
  }

  /** Lets it use no more the node of that number, by its own command, as a person would. */
  public void detach(int node) throws IOException {
    Path password = folder.resolve("pcppass");
    Files.writeString(password, "*:*:" + ADMINISTRATOR + ":" + PASSWORD + "\n");
    Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-------"));
    Commands.run(
        List.of(
            "env",
            "PCPPASSFILE=" + password,
            "pcp_detach_node",
            "-w",
            "-h",
            "127.0.0.1",
            "-p",
            Integer.toString(control),
            "-U",
            ADMINISTRATOR,
            Integer.toString(node)));
  }

  /** What it has said so far. */
  public String said() throws IOException {
    return process.said();
  }
}
