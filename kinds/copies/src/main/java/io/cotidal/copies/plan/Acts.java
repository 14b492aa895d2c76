package io.cotidal.copies.plan;

import java.util.regex.Pattern;

/** The words that planner and driver share: acts, their arguments, their evidence. */
public final class Acts {
  /**
   * Load a dump into a new generation. Arguments: ID, DUMP; UPLOAD and HASH for an upload.
   * Evidence: BYTES, HASH, ROWS, TABLES.
   */
  public static final String IMPORT = "import";

  /**
   * Take the data of a replica into a new generation. Arguments: ID, FROM. Evidence: that of IMPORT
   * but HASH, and MEMBER, CLUSTER, TIMELINE, POSITION, TAKEN, PAUSED.
   */
  public static final String TAKE = "take";

  /**
   * Make a new generation out of an archive, as its cluster was then. Arguments: ID, FROM or
   * ARCHIVE, and the words of {@link io.cotidal.engine.snapshot.RecoveryTarget} and {@link
   * io.cotidal.engine.snapshot.ArchiveSource}. Evidence: that of IMPORT but HASH, and CLUSTER,
   * TIMELINE, POSITION, TAKEN_BY, BACKUP, REPOSITORY, VERIFIED, TO, SAID, LAST_COMMIT, CHECKS.
   */
  public static final String RESTORE = "restore";

  /** Let links lead to a generation. Arguments: ID. */
  public static final String PUBLISH = "publish";

  /** Make a copy from nothing. Arguments: ID, GENERATION, NAME. Evidence: HOST, PORT, METHOD. */
  public static final String MAKE = "make";

  /** Make a spare: a started and paused server that nobody owns. Like {@link #MAKE}. */
  public static final String SPARE = "spare";

  /** Give a spare to an owner. Arguments: ID, NAME. Evidence: HOST, PORT, METHOD. */
  public static final String HAND_OUT = "hand out";

  /** Put a generation's data in the place of a copy's. Arguments: ID, GENERATION. */
  public static final String RESET = "reset";

  /** Start a copy's server. Arguments: ID. Evidence: HOST, PORT. */
  public static final String START = "start";

  /** Stop a copy's server, cleanly. Arguments: ID. */
  public static final String STOP = "stop";

  /**
   * Remove all that is at a place: server, data, secrets, links. Arguments: ID, and INSTEAD if the
   * template's link, should it lead there, is to lead to another place.
   */
  public static final String REMOVE = "remove";

  /**
   * Compare a copy with its generation. Arguments: ID, GENERATION. Evidence: an entry for each
   * table, {@code same} or what differs.
   */
  public static final String COMPARE = "compare";

  /** The id of a place on the volume, for example {@code c17}. */
  public static final String ID = "id";

  /** The id of the place that stays. */
  public static final String INSTEAD = "instead";

  /** The id of a generation, for example {@code g7}. */
  public static final String GENERATION = "generation";

  /** A copy's name. */
  public static final String NAME = "name";

  /** A dump's path. */
  public static final String DUMP = "dump";

  /**
   * The managed cluster whose replica the data is taken of, {@code postgres/orders}. Absent for a
   * dump: neither a path nor an upload's name tells which of the two it is.
   */
  public static final String FROM = "from";

  /** The first repository of the archive that data is made of, where no cluster is named. */
  public static final String ARCHIVE = "archive";

  /** The base backup that a generation began with. */
  public static final String BACKUP = "backup";

  /** The repository which that is of. */
  public static final String REPOSITORY = "repository";

  /** Whether its checksums were compared when it was laid: {@code yes}, or why not. */
  public static final String VERIFIED = "verified";

  /** Up to where it was recovered, in words. */
  public static final String TO = "to";

  /** Why recovery stopped there, in the server's own words. */
  public static final String SAID = "said";

  /** When the last commit was that the data holds. */
  public static final String LAST_COMMIT = "last-commit";

  /** How many questions were answered as they should be. */
  public static final String CHECKS = "checks";

  /** Size and time of change of a dump. */
  public static final String FINGERPRINT = "fingerprint";

  /**
   * The name that the daemon gave a dump that a client sent: {@code u} and 32 hexadecimal digits.
   * Absent for one that lies on the host.
   */
  public static final String UPLOAD = "upload";

  /** What an uploaded dump is called where it comes from, as far as a name may look like that. */
  public static final String FILE = "file";

  /** Who sent an uploaded dump. */
  public static final String SENDER = "uploaded-by";

  /** A dump's size in bytes. */
  public static final String BYTES = "bytes";

  /** A dump's SHA-256, in hexadecimal. */
  public static final String HASH = "sha256";

  /** The replica that was copied. */
  public static final String MEMBER = "member";

  /** The system identifier of its cluster. */
  public static final String CLUSTER = "cluster";

  /** The timeline on which it was. */
  public static final String TIMELINE = "timeline";

  /** The position in the log up to which its data goes. */
  public static final String POSITION = "position";

  /** When it stood there. */
  public static final String TAKEN = "taken";

  /** For how long its replay was held, in milliseconds. */
  public static final String PAUSED = "paused-millis";

  /** How its files were copied. */
  public static final String TAKEN_BY = "taken-by";

  /** How many rows there are. */
  public static final String ROWS = "rows";

  /** How many tables there are. */
  public static final String TABLES = "tables";

  /** How long it took, in milliseconds. */
  public static final String MILLIS = "millis";

  /** Where users reach a copy. */
  public static final String HOST = "host";

  /** Its port. */
  public static final String PORT = "port";

  /** The database in it. */
  public static final String DATABASE = "database";

  /** The account that owns it. */
  public static final String USER = "user";

  /** How its data was copied. */
  public static final String METHOD = "method";

  /** The version of the server. */
  public static final String VERSION = "version";

  private static final Pattern UPLOADED = Pattern.compile("u[0-9a-f]{32}");
  private static final Pattern FOREIGN = Pattern.compile("[^A-Za-z0-9._+-]");
  private static final int LONGEST_FILE = 100;

  private Acts() {}

  /** Whether a name is one that an upload may have. */
  public static boolean isUpload(String id) {
    return UPLOADED.matcher(id).matches();
  }

  /** The last part of a path of another host, without what a message or a screen may trip over. */
  public static String fileName(String path) {
    String last = path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
    String plain = FOREIGN.matcher(last).replaceAll("_");
    String cut = plain.substring(Math.max(0, plain.length() - LONGEST_FILE));
    return cut.isEmpty() ? "dump" : cut;
  }
}
