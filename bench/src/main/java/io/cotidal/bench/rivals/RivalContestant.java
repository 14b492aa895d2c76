package io.cotidal.bench.rivals;

import io.cotidal.lab.Login;
import io.cotidal.lab.PostgresBinaries;
import io.cotidal.lab.ServerRegistry;
import io.cotidal.lab.Target;
import io.cotidal.lab.rivals.AutoFailoverCluster;
import io.cotidal.lab.rivals.PatroniCluster;
import io.cotidal.lab.rivals.RepmgrCluster;
import io.cotidal.lab.rivals.RivalCluster;
import io.cotidal.remote.ProcessId;
import io.cotidal.remote.Signal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A cluster that another program looks after. */
final class RivalContestant implements Contestant {
  private final RivalCluster cluster;
  private final boolean waits;

  private RivalContestant(RivalCluster cluster, boolean waits) {
    this.cluster = cluster;
    this.waits = waits;
  }

  /**
   * Makes one; it is not whole yet.
   *
   * @param cuts whether a way is to be cut some time
   */
  static RivalContestant start(ServerRegistry registry, Entry entry, boolean waits, boolean cuts)
      throws IOException {
    Path bin =
        PostgresBinaries.installed(15)
            .orElseThrow(
                () -> new IOException("PostgreSQL 15 is missing: apt-get install postgresql-15"));
    RivalCluster cluster =
        switch (entry) {
          case COTIDAL -> throw new IllegalArgumentException("it is no rival");
          case PATRONI, PATRONI_TUNED ->
              PatroniCluster.start(
                  registry, bin, new PatroniCluster.Options(entry.pace(), waits, cuts));
          case AUTO_FAILOVER, AUTO_FAILOVER_TUNED ->
              AutoFailoverCluster.start(registry, bin, entry.pace(), waits);
          case REPMGR, REPMGR_TUNED -> RepmgrCluster.start(registry, bin, entry.pace(), waits);
        };
    return new RivalContestant(cluster, waits);
  }

  @Override
  public List<Target> members() {
    return cluster.members();
  }

  @Override
  public Login login() {
    return cluster.login();
  }

  @Override
  public boolean whole() {
    return health().whole(members().size(), waits);
  }

  @Override
  public void prepare(Fault fault) {
    // It is set for all of them.
  }

  @Override
  public void strike(Fault fault, String primary) throws IOException {
    switch (fault) {
      case KILL_POSTMASTER -> killPostmaster(cluster.servers(primary).list());
      case NODE_DEAD -> cluster.killNode(primary);
      case NODE_FROZEN -> cluster.freezeNode(primary);
      case POSTGRES_FROZEN -> cluster.servers(primary).freeze();
      case CUT_CONTROL -> patroni().cutFromEtcd(primary);
      case CUT_REPLICAS -> patroni().cutFromPeers(primary);
      case SWITCHOVER -> switchover(primary);
    }
  }

  /** The oldest of its processes. */
  static void killPostmaster(List<ProcessId> servers) throws IOException {
    if (servers.isEmpty()) {
      throw new IOException("the primary has no process");
    }
    Signal.KILL.send(servers.getFirst());
  }

  private void switchover(String primary) throws IOException {
    switch (cluster) {
      case PatroniCluster patroni -> patroni.switchover(primary);
      case AutoFailoverCluster keeper -> keeper.switchover();
      case RepmgrCluster _ -> throw new IllegalArgumentException("it needs SSH between members");
    }
  }

  private PatroniCluster patroni() {
    if (cluster instanceof PatroniCluster patroni) {
      return patroni;
    }
    throw new IllegalArgumentException("no way can be cut alone");
  }

  @Override
  public void relieve(Fault fault, String primary) throws IOException {
    switch (fault) {
      case KILL_POSTMASTER, NODE_DEAD -> cluster.startAgent(primary);
      case NODE_FROZEN -> cluster.thawNode(primary);
      case POSTGRES_FROZEN -> cluster.servers(primary).thaw();
      case CUT_CONTROL, CUT_REPLICAS -> patroni().mend();
      case SWITCHOVER -> {
        // Nothing stands in the way.
      }
    }
  }

  @Override
  public boolean heals() {
    return !(cluster instanceof RepmgrCluster);
  }

  @Override
  public String story() throws IOException {
    StringBuilder story = new StringBuilder();
    for (Target member : members()) {
      String said = cluster.said(member.member());
      story.append(member.member()).append(":\n");
      story.append(said, Math.max(0, said.length() - 1_000), said.length()).append('\n');
    }
    return story.toString();
  }

  @Override
  public void close() throws IOException {
    cluster.close();
  }
}
