package io.cotidal.feeds.spec;

import io.cotidal.feeds.filter.Filter;
import io.cotidal.model.MemberId;
import io.cotidal.model.Mode;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Secret;
import io.cotidal.model.Spec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * One replica: what it pulls, what it takes of that, and where it publishes it.
 *
 * @param repository where jobs come from
 * @param choice which jobs it takes
 * @param transfer how files come from the master
 * @param database where tables are published; empty if the replica has none
 * @param geoservers where layers are published, by name; empty if the replica has none
 * @param status where the master's tables are; empty if nobody is told
 * @param pace how often it looks, and how patient it is
 */
public record FeedsSpec(
    ResourceId id,
    Mode mode,
    Repository repository,
    Choice choice,
    Transfer transfer,
    Optional<Database> database,
    List<GeoServer> geoservers,
    Optional<Status> status,
    Pace pace)
    implements Spec {
  /** The member that is the state repository. */
  public static final MemberId REPOSITORY = new MemberId("repository");

  /** The member that is the database. */
  public static final MemberId DATABASE = new MemberId("database");

  /** Copies the list. */
  public FeedsSpec {
    geoservers = List.copyOf(geoservers);
  }

  /** In which tool the state repository is kept. */
  public enum Tool {
    GIT,
    HG
  }

  /**
   * Where jobs come from.
   *
   * @param folder the replica's own clone
   * @param url where it is pulled from; empty for what the clone names itself ({@code default} of
   *     Mercurial, {@code origin} of Git)
   * @param branch which branch; the tool's usual one if empty
   * @param signers allowed signers in the format of {@code ssh-keygen -Y}; if set, a commit that
   *     none of them signed is not taken (Git)
   */
  public record Repository(
      Tool tool, Path folder, String url, String branch, Optional<Path> signers) {}

  /**
   * Which jobs are taken.
   *
   * @param channels those that it listens to
   * @param features for layers, live stores and live layers, and workspaces
   * @param wms for cascaded stores and their layers
   * @param groups for layer groups
   * @param skips parts that are not touched at all
   */
  public record Choice(
      SortedSet<String> channels, Filter features, Filter wms, Filter groups, Skips skips) {
    /** Copies the set. */
    public Choice {
      channels = Collections.unmodifiableSortedSet(new TreeSet<>(channels));
    }
  }

  /** Parts that are left alone. */
  public record Skips(boolean roles, boolean rules, boolean database, boolean geoserver) {
    /** Nothing is left alone. */
    public static final Skips NONE = new Skips(false, false, false, false);
  }

  /**
   * How files come from the master.
   *
   * @param cache folder of what was fetched, by content
   * @param budgetBytes how much of it is kept when nothing needs it any more
   * @param identity the private key of SSH
   * @param knownHosts file with the pinned keys of hosts
   * @param port of SSH
   * @param connect how long connecting may take
   * @param relay if set, files come from another replica's cache instead of from where a job says
   * @param serve whether others may fetch from this replica
   * @param prefix put before every path at the master; usually empty
   */
  public record Transfer(
      Path cache,
      long budgetBytes,
      Path identity,
      Path knownHosts,
      int port,
      Duration connect,
      Optional<Relay> relay,
      boolean serve,
      String prefix) {}

  /**
   * Another replica that serves files.
   *
   * @param host {@code user@host}
   * @param folder its cache
   */
  public record Relay(String host, String folder) {}

  /**
   * Where tables are published.
   *
   * @param schema GeoServer's own tables would lie there; what Cotidal remembers lies there too
   * @param bin folder of {@code pg_restore}; empty to look for it
   * @param keep how many earlier generations of a table are kept for a roll-back
   * @param budgetBytes how much they may take together
   * @param lockWait how long a swap waits for readers before it lets them go first
   */
  public record Database(
      String host,
      int port,
      String name,
      String schema,
      String user,
      Optional<Secret> password,
      Optional<Path> bin,
      int keep,
      long budgetBytes,
      Duration lockWait) {}

  /**
   * One GeoServer.
   *
   * @param name of the member, for example {@code geoserver}
   * @param url its home, without a slash at the end
   * @param data its data folder, if it is within reach
   * @param namespace URI of a workspace's namespace; {@code %s} stands for the workspace
   * @param databaseHost the database as the GeoServer reaches it; empty if as we do
   */
  public record GeoServer(
      MemberId name,
      String url,
      String user,
      Secret password,
      Optional<Path> data,
      String namespace,
      Optional<String> databaseHost) {}

  /**
   * The master's database with its three tables.
   *
   * @param replica what this replica calls itself there
   */
  public record Status(
      String replica,
      String host,
      int port,
      String database,
      String schema,
      String user,
      Optional<Secret> password) {}

  /**
   * How often it looks, and how patient it is.
   *
   * @param poll between two pulls of the repository
   * @param deadline of one look
   * @param longestPause between two tries of a job that fails
   * @param together whether a table is swapped in only while every GeoServer answers
   * @param repair whether drift is repaired; else it is told
   */
  public record Pace(
      Duration poll, Duration deadline, Duration longestPause, boolean together, boolean repair) {}

  /** Whether tables are published here. */
  public boolean tables() {
    return database.isPresent() && !choice.skips.database();
  }

  /** The GeoServers that are told; none if they are left alone. */
  public List<GeoServer> shown() {
    return choice.skips.geoserver() ? List.of() : geoservers;
  }

  @Override
  public List<MemberId> members() {
    List<MemberId> all = new ArrayList<>(List.of(REPOSITORY));
    if (tables()) {
      all.add(DATABASE);
    }
    shown().forEach(server -> all.add(server.name()));
    return all;
  }

  @Override
  public Duration tick() {
    return pace.poll;
  }

  @Override
  public Duration deadline() {
    return pace.deadline;
  }
}
