package io.cotidal.lab.rivals;

import io.cotidal.lab.Login;
import io.cotidal.lab.ServerRegistry;
import io.cotidal.lab.Target;
import io.cotidal.model.Secret;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Debian's Patroni, an agent a member, with one etcd. It ends with the lab. */
public final class PatroniCluster extends RivalCluster {
  private static final Path PROGRAM = Path.of("/usr/bin/patroni");
  private static final String PEERS = "127.0.0.2";
  private static final Duration REQUEST = Duration.ofSeconds(90);

  private final Options options;
  private final EtcdServer etcd;
  private final Map<String, Integer> apis = new LinkedHashMap<>();
  private final Map<String, Crossing> toEtcd = new LinkedHashMap<>();
  private final Map<String, Crossing> toMember = new LinkedHashMap<>();

  /**
   * How it is set.
   *
   * @param synchronous whether commits wait for a standby ({@code synchronous_mode})
   * @param cuttable whether faults stand on the ways between members and to etcd
   */
  public record Options(Pace pace, boolean synchronous, boolean cuttable) {}

  private PatroniCluster(Account account, Options options, EtcdServer etcd) {
    super(account, new Login("postgres", new Secret("secret-of-the-lab"), "postgres"));
    this.options = options;
    this.etcd = etcd;
  }

  /** Why none can be run here, with the remedy; empty if one can. */
  public static Optional<String> missing() {
    return Files.isExecutable(PROGRAM)
        ? EtcdServer.missing()
        : Optional.of("Patroni is not installed: apt-get install patroni");
  }

  /** Starts three agents, which make the cluster; {@link Health} says when it is whole. */
  public static PatroniCluster start(ServerRegistry registry, Path bin, Options options)
      throws IOException {
    Optional<String> missing = missing();
    if (missing.isPresent()) {
      throw new IOException(missing.get());
    }
    Account account = Account.in(registry, "patroni", bin);
    PatroniCluster cluster = new PatroniCluster(account, options, EtcdServer.start(registry));
    try {
      for (String name : NAMES) {
        cluster.make(registry, name);
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

  private void make(ServerRegistry registry, String name) throws IOException {
    int port = registry.port();
    members.add(new Target(name, "127.0.0.1", port));
    apis.put(name, registry.port());
    if (options.cuttable()) {
      toMember.put(name, Crossing.at(PEERS, port));
      toEtcd.put(name, Crossing.to(etcd.port()));
    }
    Path file = account.file(name + ".yml", configuration(name, port));
    agents.put(
        name,
        new Agent(
            registry, account, "agent-" + name, List.of(PROGRAM.toString(), file.toString())));
  }

  private String configuration(String name, int port) {
    return """
    scope: orders
    name: %1$s
    restapi: {listen: '127.0.0.1:%2$d', connect_address: '127.0.0.1:%2$d'}
    etcd3: {hosts: '127.0.0.1:%3$d', use_proxies: true}
    bootstrap:
      dcs:
    %4$s    synchronous_mode: %5$b
        postgresql:
          use_pg_rewind: true
          parameters: {max_connections: 60}
      initdb: [{encoding: UTF8}, data-checksums]
    postgresql:
      listen: '127.0.0.1:%6$d'
      connect_address: '%7$s:%6$d'
      data_dir: '%8$s'
      bin_dir: '%9$s'
      pgpass: '%8$s.pgpass'
      authentication:
        superuser: {username: %10$s, password: %11$s}
        replication: {username: replicator, password: %11$s}
        rewind: {username: rewind, password: %11$s}
      parameters: {unix_socket_directories: '%12$s', shared_buffers: 32MB, max_wal_size: 128MB}
      pg_hba:
        - local all all trust
        - host all all 127.0.0.0/8 scram-sha-256
        - host replication replicator 127.0.0.0/8 scram-sha-256
    """
        .formatted(
            name,
            apis.get(name),
            options.cuttable() ? crossing(toEtcd, name).port() : etcd.port(),
            switch (options.pace()) {
              case DEFAULT -> "";
              case TUNED ->
                  """
                      ttl: 20
                      loop_wait: 1
                      retry_timeout: 3
                      primary_start_timeout: 0
                  """;
            },
            options.synchronous(),
            port,
            options.cuttable() ? PEERS : "127.0.0.1",
            data(name),
            account.bin(),
            login().user(),
            login().password().reveal(),
            account.home());
  }

  private static Crossing crossing(Map<String, Crossing> all, String member) {
    Crossing found = all.get(member);
    if (found == null) {
      throw new IllegalStateException("nothing stands on the ways of " + member);
    }
    return found;
  }

  /** Drops all between a member's agent and etcd. */
  public void cutFromEtcd(String member) {
    crossing(toEtcd, member).cut();
  }

  /** Drops all that other members send to that one's server, and its answers. */
  public void cutFromPeers(String member) {
    crossing(toMember, member).cut();
  }

  /** Takes all cuts away. */
  public void mend() throws IOException {
    for (Crossing each : toEtcd.values()) {
      each.mend();
    }
    for (Crossing each : toMember.values()) {
      each.mend();
    }
  }

  /**
   * Its planned change of primary, to whomever it chooses; returns when Patroni says that it is
   * done.
   */
  public void switchover(String from) throws IOException {
    post(from, "/switchover", "{\"leader\":\"" + from + "\"}");
  }

  /** The same, to that member. */
  public void switchover(String from, String to) throws IOException {
    post(from, "/switchover", "{\"leader\":\"" + from + "\",\"candidate\":\"" + to + "\"}");
  }

  private void post(String member, String path, String body) throws IOException {
    URI uri = URI.create("http://127.0.0.1:" + apis.get(member) + path);
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(uri)
                  .version(HttpClient.Version.HTTP_1_1)
                  .timeout(REQUEST)
                  .header("Content-Type", "application/json")
                  .POST(HttpRequest.BodyPublishers.ofString(body))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new IOException(path + " answers " + answer.statusCode() + ": " + answer.body());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while Patroni was asked for " + path, e);
    }
  }

  @Override
  public void close() throws IOException {
    for (String name : agents.keySet()) {
      killNode(name);
    }
    etcd.kill();
    for (Crossing each : toEtcd.values()) {
      each.close();
    }
    for (Crossing each : toMember.values()) {
      each.close();
    }
  }
}
