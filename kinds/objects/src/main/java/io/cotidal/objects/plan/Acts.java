package io.cotidal.objects.plan;

/** The words that planner and driver share. */
public final class Acts {
  /** Makes a container the same at all its sites that answer. */
  public static final String CONVERGE = "converge";

  /** Compares everything, and signs what was found. */
  public static final String PROVE = "prove";

  /** Keeps what a site is for. */
  public static final String APPOINT = "appoint";

  /** Tells the gateway of a site where containers lie and which sites serve clients. */
  public static final String ANNOUNCE = "announce";

  /** Argument and input: the site. */
  public static final String SITE = "site";

  /** Argument: what it is for: {@code active} or {@code backup}. */
  public static final String ROLE = "role";

  /** Evidence: under which generation it was told. */
  public static final String GENERATION = "generation";

  /** Empties a container at a site that its rules do not name, and deletes it there. */
  public static final String WITHDRAW = "withdraw";

  /** Argument: the site that gives its copy up. */
  public static final String LEAVING = "leaving";

  /** Argument: so many objects may go. */
  public static final String OBJECTS = "objects";

  /** Argument: the account. */
  public static final String ACCOUNT = "account";

  /** Argument: the container. */
  public static final String CONTAINER = "container";

  /** Argument: so many deletions are approved; 0 if nobody was asked. */
  public static final String DELETIONS = "deletions";

  /** Evidence: {@link #EQUAL}, or {@link #LEFT}. */
  public static final String OUTCOME = "outcome";

  /** All sites that answer hold the same. */
  public static final String EQUAL = "equal";

  /** Something is left to do. */
  public static final String LEFT = "left";

  /** Evidence: why something is left, in one line. */
  public static final String WHY = "why";

  /** Evidence: objects that were copied. */
  public static final String COPIED = "copied";

  /** Evidence: how many bytes those have. */
  public static final String BYTES = "bytes";

  /** Evidence: objects that were deleted. */
  public static final String DELETED = "deleted";

  /** Evidence: writes that a later one overruled. */
  public static final String OVERRULED = "overruled";

  /** Evidence: deletions that wait for somebody's word. */
  public static final String HELD = "held";

  /** Evidence: where the signed report lies. */
  public static final String REPORT = "report";

  private Acts() {}
}
