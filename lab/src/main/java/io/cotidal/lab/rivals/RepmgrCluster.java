package io.cotidal.lab.rivals;

import io.cotidal.lab.Login;
import io.cotidal.lab.ServerRegistry;
import io.cotidal.lab.Target;
import io.cotidal.model.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Debian's repmgr: a daemon a member, which knows no other judge. It ends with the lab. */
public final class RepmgrCluster extends RivalCluster {
  private static final String PROGRAM = "repmgr";
  private static final Path INSTALLED = Path.of("/usr/lib/postgresql/15/bin/repmgrd");

  private final Pace pace;

  // Its servers trust the loopback.

  private RepmgrCluster(ServerRegistry registry, Account account, Pace pace) throws IOException {
    super(account, new Login("repmgr", new Secret("unused"), "postgres"));
    this.pace = pace;
    for (String name : NAMES) {
      members.add(new Target(name, "127.0.0.1", registry.port()));
      agents.put(
          name,
          new Agent(
              registry,
              account,
              "agent-" + name,
              List.of(
                  account.bin().resolve("repmgrd").toString(),
                  "-f",
                  configuration(name).toString(),
                  "--daemonize=false")));
    }
  }

  /** Why none can be run here, with the remedy; empty if one can. */
  public static Optional<String> missing() {
    return Files.isExecutable(INSTALLED)
        ? Optional.empty()
        : Optional.of("repmgr is not installed: apt-get install postgresql-15-repmgr");
  }

  /**
   * Makes a primary and two copies, registers them and starts the daemons.
   *
   * @param synchronous whether a commit waits for any one standby
   */
  public static RepmgrCluster start(
      ServerRegistry registry, Path bin, Pace pace, boolean synchronous) throws IOException {
    Optional<String> missing = missing();
    if (missing.isPresent()) {
      throw new IOException(missing.get());
    }
    RepmgrCluster cluster = new RepmgrCluster(registry, Account.in(registry, "repmgr", bin), pace);
    try {
      cluster.makeFirst();
      cluster.copy(cluster.members.get(1));
      cluster.copy(cluster.members.get(2));
      if (synchronous) {
        cluster.waitForOne();
      }
      for (String name : NAMES) {
        cluster.startAgent(name);
      }
      return cluster;
    } catch (IOException | RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  private Path configuration(String name) {
    return account.home().resolve(name + ".conf");
  }

  private void configure(Target member) throws IOException {
    String name = member.member();
    String repmgr = account.bin().resolve(PROGRAM).toString();
    Path file = configuration(name);
    account.file(
        name + ".conf",
        """
        node_id=%d
        node_name='%s'
        conninfo='host=127.0.0.1 port=%d user=repmgr dbname=repmgr connect_timeout=2'
        data_directory='%s'
        pg_bindir='%s'
        repmgrd_pid_file='%s'
        failover=automatic
        promote_command='%s standby promote -f %s'
        follow_command='%s standby follow -f %s --upstream-node-id=%%n'
        %s\
        """
            .formatted(
                NAMES.indexOf(name) + 1,
                name,
                member.port(),
                data(name),
                account.bin(),
                account.home().resolve(name + ".pid"),
                repmgr,
                file,
                repmgr,
                file,
                switch (pace) {
                  case DEFAULT -> "";
                  case TUNED ->
                      "reconnect_attempts=2\nreconnect_interval=1\nmonitor_interval_secs=1\n";
                }));
  }

  private void makeFirst() throws IOException {
    Target first = members.getFirst();
    configure(first);
    program("initdb", "-D", data(first.member()).toString(), "-U", "repmgr", "-A", "trust", "-k");
    settings(
        first,
        "shared_preload_libraries = 'repmgr'",
        "listen_addresses = '127.0.0.1'",
        "unix_socket_directories = '" + account.home() + "'",
        "wal_log_hints = on",
        "max_connections = 60",
        "shared_buffers = 32MB",
        "max_wal_size = 128MB");
    settings(first, "port = " + first.port());
    begin(first);
    program("createdb", "-h", "127.0.0.1", "-p", "" + first.port(), "-U", "repmgr", "repmgr");
    program(PROGRAM, "-f", configuration(first.member()).toString(), "primary", "register");
  }

  private void copy(Target member) throws IOException {
    configure(member);
    String file = configuration(member.member()).toString();
    program(
        PROGRAM,
        "-h",
        "127.0.0.1",
        "-p",
        "" + members.getFirst().port(),
        "-U",
        "repmgr",
        "-d",
        "repmgr",
        "-f",
        file,
        "standby",
        "clone",
        "--fast-checkpoint");
    settings(member, "port = " + member.port());
    begin(member);
    program(PROGRAM, "-f", file, "standby", "register");
  }

  private void waitForOne() throws IOException {
    for (Target member : members) {
      settings(member, "synchronous_standby_names = 'ANY 1 (*)'");
      program("pg_ctl", "-D", data(member.member()).toString(), "reload");
    }
  }

  /** Adds lines to a member's configuration; the last one of a name holds. */
  private void settings(Target member, String... lines) throws IOException {
    Path file = data(member.member()).resolve("postgresql.conf");
    Files.writeString(file, String.join("\n", lines) + "\n", StandardOpenOption.APPEND);
  }

  private void begin(Target member) throws IOException {
    program(
        "pg_ctl",
        "-D",
        data(member.member()).toString(),
        "-l",
        account.home().resolve(member.member() + ".server.log").toString(),
        "-w",
        "start");
  }

  private void program(String name, String... arguments) throws IOException {
    List<String> line = new ArrayList<>();
    line.add(account.bin().resolve(name).toString());
    line.addAll(List.of(arguments));
    String _ = account.run(line);
  }

  @Override
  public void close() throws IOException {
    for (String name : agents.keySet()) {
      killNode(name);
    }
  }
}
