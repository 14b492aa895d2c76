package io.cotidal.postgres.plan;

import io.cotidal.model.MemberId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** The value of {@code synchronous_standby_names}, in the one form that Cotidal writes. */
public final class SyncNames {
  private SyncNames() {}

  /** {@code ANY k ("a","b")}, members in alphabetical order; empty for k = 0. */
  public static String text(int k, Collection<MemberId> members) {
    if (k == 0) {
      return "";
    }
    StringBuilder text = new StringBuilder("ANY ").append(k).append(" (");
    String comma = "";
    List<MemberId> sorted = new ArrayList<>(members);
    sorted.sort(null);
    for (MemberId member : sorted) {
      text.append(comma).append('"').append(member.name()).append('"');
      comma = ",";
    }
    return text.append(')').toString();
  }

  /** Whether {@code inForce} is what {@link #text} writes, white space aside. */
  static boolean matches(String inForce, int k, Collection<MemberId> members) {
    return inForce.replace(" ", "").equalsIgnoreCase(text(k, members).replace(" ", ""));
  }
}
