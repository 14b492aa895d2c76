package io.cotidal.postgres.plan.cluster;

import io.cotidal.model.MemberId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The value of {@code synchronous_standby_names}, in the one form that Cotidal writes. */
public final class SyncNames {
  private static final Pattern FORM =
      Pattern.compile("(?:(?:ANY|FIRST)\\s+)?([0-9]{1,6})\\s*\\((.*)\\)", Pattern.CASE_INSENSITIVE);

  private static final Wait NOBODY = new Wait(0, List.of());

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

  /**
   * For how many of whom commits wait.
   *
   * @param k 0 if for nobody, or for somebody whom the cluster does not know by that name
   */
  public record Wait(int k, List<MemberId> list) {}

  /**
   * Reads what somebody else has set.
   *
   * @param others the members but the primary; a name is a member if it is spelt like it
   */
  public static Wait read(String inForce, Collection<MemberId> others) {
    Matcher form = FORM.matcher(inForce.strip());
    int k = form.matches() ? Integer.parseInt(form.group(1)) : 1;
    String names = form.matches() ? form.group(2) : inForce;
    List<MemberId> list = new ArrayList<>();
    for (String each : names.split(",", -1)) {
      String name = each.strip().replace("\"", "");
      if (name.equals("*")) {
        return k <= others.size() ? new Wait(k, List.copyOf(others)) : NOBODY;
      }
      Optional<MemberId> known =
          others.stream().filter(other -> other.name().equalsIgnoreCase(name)).findFirst();
      if (known.isEmpty()) {
        return NOBODY;
      }
      list.add(known.get());
    }
    return k <= list.size() ? new Wait(k, list) : NOBODY;
  }

  /** Whether {@code inForce} is what {@link #text} writes, white space aside. */
  public static boolean matches(String inForce, int k, Collection<MemberId> members) {
    return inForce.replace(" ", "").equalsIgnoreCase(text(k, members).replace(" ", ""));
  }
}
