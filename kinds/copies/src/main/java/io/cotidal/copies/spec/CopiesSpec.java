package io.cotidal.copies.spec;

import io.cotidal.model.MemberId;
import io.cotidal.model.Mode;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Secret;
import io.cotidal.model.Spec;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A template and the copies that may be made of it.
 *
 * @param database what kind of server, and who owns the data in it
 * @param template where its data comes from
 * @param storage where generations and copies lie
 * @param allowance how many copies there may be, and for how long
 * @param service how copies are run and reached
 */
public record CopiesSpec(
    ResourceId id,
    Mode mode,
    Database database,
    Template template,
    Storage storage,
    Allowance allowance,
    Service service)
    implements Spec {
  /** The one member: the host on which the daemon runs. */
  public static final MemberId HOST = new MemberId("local");

  private static final long MEGABYTE = 1_048_576;

  /** A process of PostgreSQL's that has opened the tables it works with keeps 2 to 8 MiB. */
  private static final long SESSIONS = 16;

  private static final Duration TICK = Duration.ofSeconds(1);
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  /**
   * The same for another template, with the dump of that one.
   *
   * @param dump empty if there is none any more
   */
  public CopiesSpec forTemplate(String name, Optional<Path> dump) {
    return new CopiesSpec(
        new ResourceId(id.kind(), name),
        mode,
        database,
        new Template(
            dump,
            template.dumps,
            template.charset,
            template.schedule,
            template.hooks,
            template.limit,
            template.from,
            template.archive,
            template.checks),
        storage,
        allowance,
        service);
  }

  @Override
  public List<MemberId> members() {
    return List.of(HOST);
  }

  /**
   * Memory that must be free to make one more copy: for the caches of its server or, if its
   * generation's server has them already, for a few sessions.
   */
  public long memoryEachBytes() {
    return switch (service.isolation) {
      case SERVER -> database.memoryMegabytes * MEGABYTE;
      case DATABASE -> SESSIONS * MEGABYTE;
    };
  }

  /** A copy goes within two seconds of its expiry. */
  @Override
  public Duration tick() {
    return TICK;
  }

  @Override
  public Duration deadline() {
    return DEADLINE;
  }

  /**
   * What serves the data.
   *
   * @param engine an engine's name: {@code mariadb}, {@code postgres}
   * @param version a version or its beginning; empty for the newest there is
   * @param server the folder of the server's programs; empty to look in the usual ones
   * @param name of the database in each copy
   * @param user who owns it
   * @param password of every copy; empty for a random one each
   * @param memoryMegabytes for the caches of each copy's server, or of the one that they share
   */
  public record Database(
      String engine,
      String version,
      Optional<Path> server,
      String name,
      String user,
      Optional<Secret> password,
      int memoryMegabytes) {}

  /**
   * Where data comes from.
   *
   * @param dump the file, or folder, that is imported; empty if each import names one
   * @param dumps the folder out of which no dump's path may lead
   * @param charset of text dumps that do not say their own
   * @param schedule when to import again by itself
   * @param hooks files of SQL that mask the data before anybody sees it
   * @param limit how long an import may take
   * @param from the cluster of which a replica is copied, instead of a dump
   * @param archive the repositories of a cluster's archive, in the order in which they are asked,
   *     out of which data is made instead; none for templates of anything else
   * @param checks what must be so before a generation counts; none for dumps
   */
  public record Template(
      Optional<Path> dump,
      Optional<Path> dumps,
      Optional<Charset> charset,
      Optional<Schedule> schedule,
      List<Path> hooks,
      Duration limit,
      Optional<From> from,
      List<Path> archive,
      List<Check> checks) {
    /** Copies the lists. */
    public Template {
      hooks = List.copyOf(hooks);
      archive = List.copyOf(archive);
      checks = List.copyOf(checks);
    }

    /** Of dumps. */
    public Template(
        Optional<Path> dump,
        Optional<Path> dumps,
        Optional<Charset> charset,
        Optional<Schedule> schedule,
        List<Path> hooks,
        Duration limit) {
      this(dump, dumps, charset, schedule, hooks, limit, Optional.empty(), List.of(), List.of());
    }
  }

  /**
   * A cluster whose data is taken.
   *
   * @param member the replica that it must be; empty for any that fits
   */
  public record From(ResourceId resource, Optional<MemberId> member) {}

  /**
   * A question and its one right answer.
   *
   * @param database where it is asked
   * @param query one statement that reads; its first column of its first row is the answer
   * @param answer what it must be, as text
   */
  public record Check(String database, String query, String answer) {}

  /**
   * Where things lie.
   *
   * @param volume the folder of all templates that share it
   * @param links whether {@code data/TEMPLATE} and {@code data/TEMPLATE-COPY} are kept as links
   * @param reserveBytes so much room is never used up
   * @param uploadBytes the largest dump that a client may send
   * @param quotaBytes what a copy may write beside what it shares with its generation; 0 for no
   *     limit
   */
  public record Storage(
      Path volume, boolean links, long reserveBytes, long uploadBytes, long quotaBytes) {
    /** The largest upload if nothing else is said. */
    public static final long UPLOAD = 100L << 30;

    /** With the standard for uploads, and no quota. */
    public Storage(Path volume, boolean links, long reserveBytes) {
      this(volume, links, reserveBytes, UPLOAD, 0);
    }
  }

  /**
   * How many, and for how long.
   *
   * @param ttl how long a copy lives if nothing else is asked for; zero for ever
   * @param longest that can be asked for; zero for no limit
   * @param idle a copy without a session for so long is stopped; zero for never
   * @param copies at most so many at once
   * @param perOwner at most so many of one owner
   * @param spares so many wait, started and paused, for whoever comes next
   */
  public record Allowance(
      Duration ttl, Duration longest, Duration idle, int copies, int perOwner, int spares) {}

  /** What keeps copies apart from one another. */
  public enum Isolation {
    /** Each has a server of its own. */
    SERVER,
    /** Each is a database in the server of its generation. */
    DATABASE
  }

  /**
   * How copies are run and reached.
   *
   * @param isolation what keeps copies apart
   * @param runtime a runtime's name: {@code process}, {@code docker}
   * @param image the image, for runtimes with images; empty otherwise
   * @param socket where such a runtime listens
   * @param listen the address on which copies listen
   * @param host the name or address under which users reach them
   * @param firstPort the first port that may be used
   * @param lastPort the last one
   * @param firstUid copies run under accounts from this number on; -1 for the daemon's own
   */
  public record Service(
      Isolation isolation,
      String runtime,
      String image,
      Path socket,
      String listen,
      String host,
      int firstPort,
      int lastPort,
      int firstUid) {}
}
