package io.cotidal.postgres.rehearsal;

/** Names of what a rehearsal on clones measures; times are in milliseconds. */
public final class Figures {
  /** From the last commit that was acknowledged before the fault to the first one after it. */
  public static final String OUTAGE = "outage-ms";

  /** From the fault until all clones stream again and nothing is left to be done. */
  public static final String WHOLE = "whole-ms";

  /** How long the copy of the real member took. */
  public static final String TAKEN = "taken-ms";

  /** Bytes of that copy. */
  public static final String BYTES = "bytes";

  /** Which clone took writes afterwards. */
  public static final String PROMOTED = "promoted";

  /** Why that one. */
  public static final String WHY = "why";

  /** How many commits were acknowledged. */
  public static final String WRITES = "writes";

  /** For what they waited: the cluster's {@code synchronous_commit}. */
  public static final String DURABILITY = "durability";

  /** How many of them are not there afterwards. */
  public static final String LOST = "lost";

  /** How many the old primary acknowledged after the new one had begun to. */
  public static final String DUAL = "dual";

  /** What was done otherwise than in the real cluster. */
  public static final String OTHERWISE = "otherwise";

  /** Parameters of the real member that its clones did not have. */
  public static final String DROPPED = "left-out";

  private Figures() {}
}
