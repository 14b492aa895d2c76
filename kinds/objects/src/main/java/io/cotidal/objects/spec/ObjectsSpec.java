package io.cotidal.objects.spec;

import io.cotidal.model.MemberId;
import io.cotidal.model.Mode;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Spec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One namespace: its sites, what lies where, and how it is kept equal.
 *
 * @param sites each a member; at least one
 * @param realm the secret by which sites believe us without a token
 * @param accounts those that are looked after, for example {@code AUTH_test}; Swift tells nobody
 *     which there are
 * @param placement which containers lie at which sites
 * @param pace how often everything is looked at, and how fast objects move
 * @param care what stops us
 * @param folder where agreed listings, cursors and the ledger of conflicts are kept
 * @param stamps the account of the service, the same at each site: what gateways and the daemon
 *     leave for each other lies there; not one that is looked after
 * @param answer what clients of containers are promised by whose rule nothing is said
 * @param reads what clients are given of other sites
 */
public record ObjectsSpec(
    ResourceId id,
    Mode mode,
    List<Site> sites,
    Realm realm,
    List<String> accounts,
    Placement placement,
    Pace pace,
    Care care,
    Path folder,
    String stamps,
    Promise answer,
    Reads reads)
    implements Spec {
  /** The account of the service, if nothing is said. */
  public static final String STAMPS = "AUTH_cotidal";

  /** The member that is all sites side by side: a look at it compares them. */
  public static final MemberId NAMESPACE = new MemberId("namespace");

  /** Copies the lists. */
  public ObjectsSpec {
    sites = List.copyOf(sites);
    accounts = List.copyOf(accounts);
  }

  /**
   * With the usual account of the service; clients are promised their own site's word, and given
   * nothing of others.
   */
  public ObjectsSpec(
      ResourceId id,
      Mode mode,
      List<Site> sites,
      Realm realm,
      List<String> accounts,
      Placement placement,
      Pace pace,
      Care care,
      Path folder) {
    this(
        id,
        mode,
        sites,
        realm,
        accounts,
        placement,
        pace,
        care,
        folder,
        STAMPS,
        Promise.LOCAL,
        Reads.OWN);
  }

  /**
   * How often every site is looked at, and a piece of the comparison is done, unless comparisons
   * are to begin more often than that.
   */
  private static final Duration TICK = Duration.ofSeconds(5);

  private static final Duration LOOK = Duration.ofSeconds(30);

  @Override
  public List<MemberId> members() {
    return Stream.concat(sites.stream().map(Site::member), Stream.of(NAMESPACE)).toList();
  }

  @Override
  public Duration tick() {
    return pace.scan().compareTo(TICK) < 0 ? pace.scan() : TICK;
  }

  @Override
  public Duration deadline() {
    return LOOK;
  }

  /** Whether a gateway stands before any site. */
  public boolean gateways() {
    return sites.stream().anyMatch(site -> site.gateway().isPresent());
  }

  /** The site that is that member. */
  public Optional<Site> site(MemberId member) {
    return sites.stream().filter(site -> site.member().equals(member)).findFirst();
  }

  /**
   * How often, and how fast.
   *
   * @param scan how often listings are compared
   * @param concurrency objects that are moved at the same time, at most; the governor of each site
   *     lowers it while the site is in trouble
   * @param bytesPerSecond over all that moves; 0 for no limit
   */
  public record Pace(Duration scan, int concurrency, long bytesPerSecond) {
    /** What is used if nothing is said. */
    public static final Pace USUAL = new Pace(Duration.ofMinutes(1), 32, 0);
  }

  /**
   * What stops us.
   *
   * @param skew sites whose clocks differ by more decide nothing: the later write stays, and a
   *     wrong clock makes the wrong one later
   * @param deletes so many objects of one container may be deleted at a site in one pass without an
   *     approval, if they are more than {@code share} of it
   * @param share of the container, from 0 to 1
   * @param tombstones for so long a deletion is remembered at least; longer than {@code
   *     reclaim_age} of every site
   * @param losers what becomes of the write that a later one overrules
   */
  public record Care(
      Duration skew, long deletes, double share, Duration tombstones, Losers losers) {
    /** What is used if nothing is said. */
    public static final Care USUAL =
        new Care(Duration.ofSeconds(2), 1000, 0.3, Duration.ofDays(14), Losers.LEDGER);
  }

  /** What becomes of a write that a later one at another site overrules. */
  public enum Losers {
    /** It is written down. */
    LEDGER,
    /** It is written down, and kept beside the object under a name of its own. */
    KEEP
  }
}
