package io.cotidal.directory.plan;

/**
 * The vocabulary between planners and driver: what a step may ask for, with which arguments, and
 * what evidence comes back. Every act reads its effect back; every inspection answers from the
 * effect alone; every act done twice has the effect of one. A step's member is the server on which
 * it acts; {@link #FROM} is the supplier and {@link #TO} the consumer of the edge that it is about.
 */
public final class Acts {
  private Acts() {}

  /**
   * Make the suppliers' account and the replication settings as they should be, with replica id
   * {@link #ID}. Mends what differs; never changes an id that is there. Evidence: {@link #ID},
   * {@link #GENERATION}.
   */
  public static final String PREPARE = "prepare";

  /**
   * Make the agreement from {@link #FROM} to {@link #TO} as it should be, mark it as ours, and let
   * it send. It never fills the consumer.
   */
  public static final String LINK = "link";

  /** Take that agreement away, however its consumer fares, and wait until it is gone. */
  public static final String UNLINK = "unlink";

  /**
   * Fill {@link #TO} from this member, over the agreement that leads there, and wait until it holds
   * the generation {@link #GENERATION}. Refuses, before anything is sent, if the consumer is not as
   * {@link #EXPECT} says, or this member's own generation is another. Evidence: {@link
   * #GENERATION}.
   */
  public static final String INITIALISE = "initialise";

  /** Let the agreements to {@link #TO}, a comma-separated list, try again at once. */
  public static final String POKE = "poke";

  /**
   * Take replica id {@link #ID} out of every member's vector: start the task here unless it runs,
   * wait until it has ended well. Evidence: the task's last sentence.
   */
  public static final String CLEAN = "clean";

  /** Take the replication settings and the agreements that are ours off this member. */
  public static final String RETIRE = "retire";

  /** Put our mark on the agreement to {@link #TO}; nothing else of it changes. */
  public static final String ADOPT = "adopt";

  /**
   * Let every agreement on this member, and the suppliers' account on it, have the current
   * password.
   */
  public static final String ROTATE = "rotate";

  /**
   * Write a canary of this member, named after the operation, wait until every member of {@link
   * #MEMBERS} shows it, and take it away again. Evidence: {@code millis.MEMBER} for each.
   */
  public static final String CANARY = "canary";

  /**
   * Read every entry below the suffix and tell how many there are and what they hash to, in an
   * order that does not depend on the server. Evidence: {@link #ENTRIES}, {@link #DIGEST}.
   */
  public static final String DIGEST_OF = "digest";

  /** Argument: the supplier of an edge. */
  public static final String FROM = "from";

  /** Argument: the consumer of an edge; of {@link #POKE}, several. */
  public static final String TO = "to";

  /** Argument: host of the consumer, or of a member that is not named any more. */
  public static final String HOST = "host";

  /** Argument: its port; 0 for the usual one. */
  public static final String PORT = "port";

  /** Argument and evidence: a replica id. */
  public static final String ID = "id";

  /** Argument and evidence: the name of a data set; empty for none. */
  public static final String GENERATION = "generation";

  /**
   * Argument: how the consumer must be found: {@code empty} (no entry below the suffix), or {@code
   * same} (the same generation), or {@code any} (a person agreed that it is overwritten).
   */
  public static final String EXPECT = "expect";

  /** Argument: member names, comma-separated. */
  public static final String MEMBERS = "members";

  /** Evidence: how many entries. */
  public static final String ENTRIES = "entries";

  /** Evidence: SHA-256 in hexadecimal digits. */
  public static final String DIGEST = "digest";
}
