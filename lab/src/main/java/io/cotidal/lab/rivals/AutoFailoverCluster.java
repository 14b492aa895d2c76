package io.cotidal.lab.rivals;

import io.cotidal.lab.Login;
import io.cotidal.lab.ServerRegistry;
import io.cotidal.lab.Target;
import io.cotidal.model.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** Debian's pg_auto_failover: a monitor, and a keeper a member. It ends with the lab. */
public final class AutoFailoverCluster extends RivalCluster {
  private static final Path PROGRAM = Path.of("/usr/bin/pg_autoctl");
  private static final String MONITOR = "monitor";
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration LOOK = Duration.ofMillis(200);

  /** Milliseconds; the monitor's, as its documents name them. */
  private static final List<String> FAST =
      List.of(
          "health_check_period = 1000",
          "health_check_timeout = 1000",
          "health_check_max_retries = 1",
          "health_check_retry_delay = 1000",
          "node_considered_unhealthy_timeout = 4000",
          "primary_demote_timeout = 3000");

  private final Pace pace;
  private final boolean synchronous;
  private final int monitorPort;
  private final Agent monitor;

  private AutoFailoverCluster(
      ServerRegistry registry, Account account, Pace pace, boolean synchronous) throws IOException {
    super(account, login(account));
    this.pace = pace;
    this.synchronous = synchronous;
    this.monitorPort = registry.port();
    this.monitor = new Agent(registry, account, MONITOR, runs(data(MONITOR)));
    for (String name : NAMES) {
      members.add(new Target(name, "127.0.0.1", registry.port()));
      agents.put(name, new Agent(registry, account, "agent-" + name, runs(data(name))));
    }
  }

  /** Its servers trust the loopback. */
  private static Login login(Account account) {
    String user = account.user().isEmpty() ? System.getProperty("user.name") : account.user();
    return new Login(user, new Secret("unused"), "postgres");
  }

  private static List<String> runs(Path data) {
    return List.of(PROGRAM.toString(), "run", "--pgdata", data.toString());
  }

  /** Why none can be run here, with the remedy; empty if one can. */
  public static Optional<String> missing() {
    return Files.isExecutable(PROGRAM)
        ? Optional.empty()
        : Optional.of(
            "pg_auto_failover is not installed: apt-get install pg-auto-failover-cli"
                + " postgresql-15-auto-failover");
  }

  /**
   * Makes the monitor and the members, one after another.
   *
   * @param synchronous as it comes, commits wait; if not, no member takes part in its quorum
   */
  public static AutoFailoverCluster start(
      ServerRegistry registry, Path bin, Pace pace, boolean synchronous) throws IOException {
    Optional<String> missing = missing();
    if (missing.isPresent()) {
      throw new IOException(missing.get());
    }
    Account account = Account.in(registry, "autofailover", bin);
    AutoFailoverCluster cluster = new AutoFailoverCluster(registry, account, pace, synchronous);
    try {
      cluster.makeMonitor();
      for (Target member : cluster.members) {
        cluster.make(member);
      }
      return cluster;
    } catch (IOException | RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  private void makeMonitor() throws IOException {
    String _ =
        account.run(
            List.of(
                PROGRAM.toString(),
                "create",
                "monitor",
                "--pgdata",
                data(MONITOR).toString(),
                "--pgport",
                Integer.toString(monitorPort),
                "--hostname",
                "127.0.0.1",
                "--auth",
                "trust",
                "--no-ssl"));
    monitor.start();
    awaitMonitor();
    if (pace == Pace.TUNED) {
      for (String setting : FAST) {
        String _ = monitorSays("ALTER SYSTEM SET pgautofailover." + setting);
      }
      String _ = monitorSays("SELECT pg_reload_conf()");
    }
  }

  private void awaitMonitor() throws IOException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        String _ = monitorSays("SELECT 1");
        return;
      } catch (IOException e) {
        if (System.nanoTime() > end || !monitor.runs()) {
          throw new IOException("the monitor does not answer: " + monitor.said(), e);
        }
        LockSupport.parkNanos(LOOK.toNanos());
      }
    }
  }

  private String monitorSays(String sql) throws IOException {
    return account.run(
        List.of(
            account.bin().resolve("psql").toString(),
            "-XAtq",
            "-h",
            "127.0.0.1",
            "-p",
            Integer.toString(monitorPort),
            "-d",
            "pg_auto_failover",
            "-c",
            sql));
  }

  private void make(Target member) throws IOException {
    String data = data(member.member()).toString();
    String _ =
        account.run(
            List.of(
                PROGRAM.toString(),
                "create",
                "postgres",
                "--pgdata",
                data,
                "--pgport",
                Integer.toString(member.port()),
                "--hostname",
                "127.0.0.1",
                "--name",
                member.member(),
                "--auth",
                "trust",
                "--no-ssl",
                "--replication-quorum",
                Boolean.toString(synchronous),
                "--monitor",
                "postgres://autoctl_node@127.0.0.1:"
                    + monitorPort
                    + "/pg_auto_failover?sslmode=disable"));
    if (pace == Pace.TUNED) {
      String _ =
          account.run(
              List.of(
                  PROGRAM.toString(),
                  "config",
                  "set",
                  "--pgdata",
                  data,
                  "timeout.network_partition_timeout",
                  "4"));
    }
    startAgent(member.member());
  }

  /** Its planned change of primary; returns when it says that it is done. */
  public void switchover() throws IOException {
    String _ =
        account.run(
            List.of(
                PROGRAM.toString(), "perform", "switchover", "--pgdata", data(MONITOR).toString()));
  }

  @Override
  public void close() throws IOException {
    for (String name : agents.keySet()) {
      killNode(name);
    }
    monitor.kill();
    servers(MONITOR).kill();
  }
}
