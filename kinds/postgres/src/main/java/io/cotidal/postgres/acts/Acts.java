package io.cotidal.postgres.acts;

/**
 * The vocabulary between planners and driver: what a step may ask for, with which arguments, and
 * what evidence comes back. Every act runs under the member's gate and reads its effect back; every
 * inspection answers from the effect alone. Positions are decimal byte positions in the write-ahead
 * log, lists are comma-separated member names.
 */
public final class Acts {
  private Acts() {}

  /**
   * Make an empty server: {@code initdb}, configuration, roles. Needs an absent data directory.
   * Leaves it stopped. Evidence: {@link #SYSTEM_ID}.
   */
  public static final String INIT = "init";

  /**
   * Count and keep what this stopped server's log has beyond the history of {@link #FROM}, before
   * it is overwritten: in the folder {@link #ID} beside the data. Changes nothing in the data; what
   * cannot be found out is evidence as well. With {@link #FORMER}{@code =true} it is told too if
   * there is nothing. Evidence: that of {@code LossFacts}.
   */
  public static final String KEEP_TAIL = "keep-tail";

  /** Argument: whether the member was primary before, or may have been. */
  public static final String FORMER = "former";

  /** Argument: whether timelines of one number may be two. */
  public static final String TWINS = "twins";

  /** Argument: whether the quorum list was in force when the member was replaced. */
  public static final String WAITED = "waited";

  /** Argument: microseconds since 1970. */
  public static final String AT = "at";

  /**
   * Copy the member {@link #FROM} over this one by the SQL backup API. This server must be stopped;
   * what was there is lost. Until the copy is whole, the host's facts say {@code data=incomplete}
   * and no start is possible. Leaves it stopped, demoted. Evidence: {@link #BYTES}.
   */
  public static final String CLONE = "clone";

  /**
   * Turn this stopped server's data back to where it left the history of {@link #FROM}, by {@code
   * pg_rewind}, after a checkpoint there. Until it is whole, {@code data=incomplete}. Leaves it
   * stopped, demoted.
   */
  public static final String REWIND = "rewind";

  /**
   * Start the server demoted ({@code standby.signal} first), following {@link #UPSTREAM} or nobody,
   * and wait until it answers. Evidence: {@link #TIMELINE}, {@link #POSITION}. With {@link
   * #STREAM}{@code =true} also wait until it streams.
   */
  public static final String START = "start";

  /**
   * Stop the server in order ({@code fast}), with {@code standby.signal} written once its process
   * is gone. Evidence: {@link #TIMELINE}, {@link #POSITION} (of its last checkpoint record), {@link
   * #PROOF}{@code =process gone}.
   */
  public static final String STOP = "stop";

  /**
   * Kill every process of the server, stopped ones too, and write {@code standby.signal}. Evidence:
   * {@link #PROOF}{@code =process gone}.
   */
  public static final String FENCE = "fence";

  /**
   * Take {@code primary_conninfo} away from a standby, wait until its receiver is gone, and only
   * then read how far it got. Evidence: {@link #TIMELINE}, {@link #POSITION}.
   */
  public static final String CUT_OFF = "cut-off";

  /**
   * Make a standby the primary, with {@link #QUORUM} and {@link #K} in {@code
   * synchronous_standby_names} before it takes the first write. Ends the timeline {@link
   * #TIMELINE}, if that is told. Evidence: {@link #TIMELINE}, {@link #POSITION}.
   */
  public static final String PROMOTE = "promote";

  /**
   * Let a running standby follow {@link #UPSTREAM}, without a restart; its slot is made there
   * first. With {@link #STREAM}{@code =true} wait until it streams.
   */
  public static final String FOLLOW = "follow";

  /**
   * Set {@code synchronous_standby_names} on the primary to {@code ANY k (list)} of {@link #K} and
   * {@link #QUORUM}, empty for k = 0, and wait until every backend that commits from now on obeys
   * it. Evidence: {@link #POSITION}, flushed after the change.
   */
  public static final String SET_QUORUM = "set-quorum";

  /**
   * Wait until {@link #K} of {@link #QUORUM}'s members have flushed up to {@link #POSITION}, as the
   * primary sees it.
   */
  public static final String AWAIT_FLUSH = "await-flush";

  /** Write a checkpoint, so that a stop or a rewind that follows is quick. */
  public static final String CHECKPOINT = "checkpoint";

  /** Make the slots of {@link #QUORUM}'s members and drop those of {@link #GONE}. */
  public static final String SLOTS = "slots";

  /**
   * Let a proxy hold its clients back between two transactions, and wait until no transaction runs
   * through it. What could not be held in time is let go again, and the act has failed.
   */
  public static final String PROXY_PAUSE = "proxy-pause";

  /**
   * Let a proxy end its sessions with the member {@link #FROM} and lead nobody there any more. New
   * clients wait or are refused until it is pointed elsewhere.
   */
  public static final String PROXY_CUT = "proxy-cut";

  /** Let a proxy that holds its clients back let them go where it leads already. */
  public static final String PROXY_RESUME = "proxy-resume";

  /**
   * Let a proxy lead writers to {@link #UPSTREAM} and to nobody else, and let clients go. One that
   * leads readers too begins to use {@link #ATTACH} and ceases to use {@link #DETACH}.
   */
  public static final String PROXY_POINT = "proxy-point";

  /**
   * Ask the plug-in {@link #PLUGIN}. The member is whom it is about. Done only if it says yes in
   * time; evidence is what else it says.
   */
  public static final String HOOK = "hook";

  /**
   * Set archiving up: the script, the settings, and with {@link #ARCHIVING}{@code =true} the mark
   * without which the script archives nothing. With {@link #STOPPED}{@code =true} nothing is
   * archived, and the log waits. Evidence: {@link #RESTART}.
   */
  public static final String ARCHIVE = "archive";

  /**
   * Look whether the archive has every segment on the way to the primary's timeline, and that
   * timeline's history. Changes nothing; has failed if something is missing.
   */
  public static final String ARCHIVE_CHECK = "archive-check";

  /**
   * Set a running server up for logical slots: with {@link #COPIES}{@code =true} it keeps copies of
   * its primary's, after its own of {@link #DROP} are gone; its subscribers wait for the slots of
   * {@link #AWAITED}, a comma-separated list of members.
   */
  public static final String LOGICAL = "logical";

  /** Argument: whether a standby keeps copies of its primary's logical slots. */
  public static final String COPIES = "copies";

  /** Argument: comma-separated members whom subscribers do not run ahead of. */
  public static final String AWAITED = "awaited";

  /** Argument: comma-separated logical slots that stand where copies shall be. */
  public static final String DROP = "drop";

  /** List the archive. Changes nothing. Evidence: {@link #LIST}. */
  public static final String ARCHIVE_LIST = "archive-list";

  /** Remove from the archive what lies before {@link #BEFORE} and is {@link #MINUTES} old. */
  public static final String ARCHIVE_EXPIRE = "archive-expire";

  /**
   * Let a running server have the parameters that are declared, as far as that needs no restart: by
   * a file of ours, or, where none is within reach, {@link #SET} and {@link #RESET} by {@code ALTER
   * SYSTEM}. What the server would not take is refused, and nothing is changed then. As an argument
   * of {@link #START} {@code settings=new}: start with all that is declared, and with what was in
   * force before if the server does not come up. Without it a start takes what its file says, so
   * that nobody comes back from a crash with what was never tried. Evidence: {@link #KEPT}.
   */
  public static final String SETTINGS = "settings";

  /** Value of the argument {@link #SETTINGS}. */
  public static final String NEW = "new";

  /** Argument: comma-separated parameters to set as they are declared. */
  public static final String SET = "set";

  /** Argument: comma-separated parameters to take back. */
  public static final String RESET = "reset";

  /** Evidence: why a server runs with parameters that it had before; absent if it does not. */
  public static final String KEPT = "kept";

  /**
   * Take the base backup {@link #ID} of this server into the repository {@link #REPOSITORY}, and
   * hold it against its checksums. Evidence: {@link #ID}, {@link #ENDED}, {@link #BYTES}.
   */
  public static final String BACKUP = "backup";

  /** Remove base backups from {@link #REPOSITORY}, but not the newest {@link #KEEP}. */
  public static final String PRUNE = "prune";

  /**
   * Choose a base backup, and look whether the log leads from it to the target, before anything is
   * touched. Evidence: {@link #ID}, {@link #TIMELINE}, {@link #POSITION} up to which recovery must
   * come at least.
   */
  public static final String RESTORE_CHOOSE = "restore-choose";

  /**
   * Put the base backup {@link #ID} in this stopped server's place, and hold it against its
   * checksums. Until it is whole, {@code data=incomplete}. Leaves it stopped, demoted. Evidence:
   * {@link #BYTES}.
   */
  public static final String LAY = "lay";

  /**
   * Start the server demoted, following nobody, and let it recover to the target on {@link
   * #TIMELINE}; it stays paused there. Evidence: {@link #TIMELINE}, {@link #POSITION}, what the
   * server said.
   */
  public static final String RECOVER = "recover";

  /** Ask the paused server the questions of the configuration. Evidence: the answers. */
  public static final String PROVE = "prove";

  /** Take away what only the recovery needed. */
  public static final String RESTORED = "restored";

  /** Argument, evidence: the name of a base backup. */
  public static final String ID = "id";

  /** Argument: the number of a repository, from 1. */
  public static final String REPOSITORY = "repository";

  /** Argument: whether what lies there may be of an earlier try. */
  public static final String AGAIN = "again";

  /** Argument: how many stay. */
  public static final String KEEP = "keep";

  /** Evidence: when it ended, microseconds since 1970. */
  public static final String ENDED = "ended";

  /**
   * Let a primary be guarded: within {@link #LEASE} after neither the control plane nor all of
   * {@link #QUORUM} vouched for it, it ends itself. Any other guard there ends.
   */
  public static final String GUARD = "guard";

  /** Let a primary be guarded no more. */
  public static final String UNGUARD = "unguard";

  /**
   * Wait until the guard of {@link #FROM} has ended it, whatever became of it since: {@link #LEASE}
   * after it can last have heard of us or of this member, which is cut off. Gives it no sign any
   * more. Evidence: {@link #PROOF}.
   */
  public static final String AWAIT_GUARD = "await-guard";

  /** Argument: milliseconds. */
  public static final String LEASE = "lease";

  /** Argument: whether the member is the one that archives. */
  public static final String ARCHIVING = "archiving";

  /** Argument: whether nothing is to be archived for now. */
  public static final String STOPPED = "stopped";

  /** Evidence: whether a setting waits for the server's next start. */
  public static final String RESTART = "restart";

  /** Evidence: what the archive's script says is there. */
  public static final String LIST = "list";

  /** Argument: the first segment that stays. */
  public static final String BEFORE = "before";

  /** Argument: an age in minutes. */
  public static final String MINUTES = "minutes";

  /**
   * Argument: the name of a plug-in; of {@link #HOOK}, or of another act that the plug-in does in
   * our place and we show.
   */
  public static final String PLUGIN = "plugin";

  /** Evidence of a plug-in that polls: {@code yes}, {@code no} or {@code unknown}. */
  public static final String ALIVE = "alive";

  /** Evidence of a plug-in that selects: member names with commas between, the best first. */
  public static final String ORDER = "order";

  /** Argument: the source of a copy or a rewind. */
  public static final String FROM = "from";

  /** Argument: whom to follow; empty for nobody. */
  public static final String UPSTREAM = "upstream";

  /** Argument: comma-separated replicas that a proxy is to use for readers. */
  public static final String ATTACH = "attach";

  /** Argument: comma-separated replicas that a proxy is not to use any more. */
  public static final String DETACH = "detach";

  /** Argument: whether to wait for streaming. */
  public static final String STREAM = "stream";

  /** Argument: comma-separated members. */
  public static final String QUORUM = "quorum";

  /** Argument: how many of them must confirm a commit. */
  public static final String K = "k";

  /** Argument: comma-separated members that are no more. */
  public static final String GONE = "gone";

  /** Evidence, argument: a timeline, decimal. */
  public static final String TIMELINE = "timeline";

  /** Evidence, argument: a byte position, decimal. */
  public static final String POSITION = "position";

  /** Evidence: why the member cannot acknowledge a write any more. */
  public static final String PROOF = "proof";

  /** Evidence: bytes copied. */
  public static final String BYTES = "bytes";

  /** Evidence, host fact: the database system identifier, decimal. */
  public static final String SYSTEM_ID = "system-id";

  /** Host fact: {@code absent}, {@code incomplete} or {@code present}. */
  public static final String DATA = "data";

  /**
   * Host fact, from the control file: {@code shut down}, {@code shut down in recovery}, {@code in
   * production} and so on, in the words of {@code pg_controldata}.
   */
  public static final String CONTROL_STATE = "control-state";

  /** Host fact, from the control file: byte position of the latest checkpoint record. */
  public static final String CHECKPOINT_POSITION = "checkpoint";

  /** Host fact, from the control file: byte position that recovery must reach; 0 if none. */
  public static final String MINIMUM_RECOVERY = "min-recovery";

  /** Host fact: {@code standby} or {@code none}. */
  public static final String SIGNAL = "signal";

  /** Host fact: how much room is left, a word of {@code Headroom}; absent if that is not known. */
  public static final String DISK = "disk";

  /** Host fact: what of the member lies on the file system that has the least. */
  public static final String DISK_PLACE = "disk-place";

  /** Host fact: bytes that are left there; told while the server answers. */
  public static final String DISK_FREE = "disk-free-bytes";

  /** Host fact: bytes of that file system; told while the server answers. */
  public static final String DISK_TOTAL = "disk-total-bytes";

  /** Host fact: {@code true} if {@code pg_rewind} can be used on the member. */
  public static final String CAN_REWIND = "can-rewind";
}
