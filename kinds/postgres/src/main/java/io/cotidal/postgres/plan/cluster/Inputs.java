package io.cotidal.postgres.plan.cluster;

import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.postgres.acts.Acts;

/** What operations are asked with, as far as more than one of them reads it. */
public final class Inputs {
  /** The member that it is about. */
  public static final String MEMBER = "member";

  /** The primary that it shall follow. */
  public static final String PRIMARY = "primary";

  /** The primary that is replaced, or restarted. */
  public static final String FROM = "from";

  /** Whether a primary is restarted in its place instead of handing its role over. */
  public static final String IN_PLACE = "in-place";

  /** Members that are restarted before the primary. */
  public static final String FIRST = "first";

  /** Members that are restarted after it. */
  public static final String THEN = "then";

  private Inputs() {}

  /**
   * The member of that name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static MemberId member(Details input, String name) {
    return new MemberId(input.need(name));
  }

  /** Whom it shall stream from: the primary, unless another one is named. */
  public static MemberId upstream(Details input) {
    return input.find(Acts.UPSTREAM).map(MemberId::new).orElseGet(() -> member(input, PRIMARY));
  }
}
