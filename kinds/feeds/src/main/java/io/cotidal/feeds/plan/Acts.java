package io.cotidal.feeds.plan;

/** Words that planner and driver share: acts, their arguments and evidence. */
public final class Acts {
  /**
   * Fetch documents that jobs point at. On the repository. Evidence: FETCHED, and MISSING if some
   * did not come.
   */
  public static final String LEARN = "learn";

  /**
   * Fetch styles of one job into the cache, and its dump if CHANGED; or the DELTAS that are named,
   * and nothing else. Arguments: KEY, ASK. Evidence: BYTES.
   */
  public static final String FETCH = "fetch";

  /**
   * Make a new generation that nobody reads yet: load the fetched dump into it; or, if DELTAS are
   * named, bring the generation FROM forward by them, which becomes the new one, or stays and is
   * copied if COPY says so. Arguments: KEY, ASK, TARGET, GENERATION. Evidence: ROWS, BYTES.
   */
  public static final String STAGE = "stage";

  /**
   * Let the view read a generation. Arguments: KEY, TARGET, GENERATION; it is done whatever the
   * repository says by then. Evidence: PREVIOUS, the generation that it read before; empty if there
   * was none; UNGRANTED.
   */
  public static final String SWAP = "swap";

  /**
   * Take generations away that nobody reads; one that is read stays, and is a failure. Arguments:
   * TABLES.
   */
  public static final String TRIM = "trim";

  /** Make schemas and grants of a workspace or of a layer's, or roles. Arguments: KEY, ASK. */
  public static final String PREPARE = "prepare";

  /** Take view and table away. Arguments: KEY, TARGET. */
  public static final String DROP = "drop";

  /**
   * Bring one GeoServer to what the job says, and see that it serves it. Arguments: KEY, ASK,
   * CHANGED if the table behind it changed, EMPTY if its tiles are to go. Evidence: PRINT, WRITES.
   */
  public static final String SHOW = "show";

  /** Let a GeoServer forget what it knows of a table. Arguments: KEY. */
  public static final String RESET = "reset";

  /** Take a thing away from one GeoServer. Arguments: KEY. */
  public static final String HIDE = "hide";

  /** Note for the master what became of a job. Arguments: KEY, OUTCOME, MESSAGE. */
  public static final String TELL = "tell";

  /** Say in the repository that a revision is applied. Arguments: COMMIT. */
  public static final String MARK = "mark";

  /** A subject, {@code layer/sites.parcels}. */
  public static final String KEY = "key";

  /** The name of the job's item. */
  public static final String NAME = "name";

  /** Digest of what is asked for. */
  public static final String ASK = "ask";

  /** A generation of a table, {@code g17}. */
  public static final String GENERATION = "generation";

  /** The generation before it. */
  public static final String PREVIOUS = "previous";

  /** Generation tables, {@code schema.table/g17}, parted by blanks. */
  public static final String TABLES = "tables";

  /** Checksums of files of deltas, parted by blanks, the oldest first. */
  public static final String DELTAS = "deltas";

  /** The generation that deltas lead on from. */
  public static final String FROM = "from";

  /** Whether that generation stays. */
  public static final String COPY = "copy";

  /** {@code schema.table} that readers see. */
  public static final String TARGET = "target";

  /** Whether the table behind a layer changed. */
  public static final String CHANGED = "changed";

  /** Whether tiles are to go. */
  public static final String EMPTY = "empty";

  /** Why what the roles file grants upon a table could not be; empty if it is granted. */
  public static final String UNGRANTED = "ungranted";

  /** A digest of the fields that we own, as read back. */
  public static final String PRINT = "print";

  /** How many calls changed something. */
  public static final String WRITES = "writes";

  /** A revision of the repository. */
  public static final String COMMIT = "commit";

  /** How many bytes. */
  public static final String BYTES = "bytes";

  /** How many rows. */
  public static final String ROWS = "rows";

  /** How many documents were fetched. */
  public static final String FETCHED = "fetched";

  /** How many could not be. */
  public static final String MISSING = "missing";

  /** What became of a job: {@link #PUBLISHED}, {@link #FAILED}, {@link #WITHDRAWN}. */
  public static final String OUTCOME = "outcome";

  /** It is published. */
  public static final String PUBLISHED = "published";

  /** It could not be done. */
  public static final String FAILED = "failed";

  /** It is gone. */
  public static final String WITHDRAWN = "withdrawn";

  /** One sentence for people. */
  public static final String MESSAGE = "message";

  private Acts() {}
}
