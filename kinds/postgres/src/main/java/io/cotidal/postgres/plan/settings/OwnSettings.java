package io.cotidal.postgres.plan.settings;

import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What we set by {@code ALTER SYSTEM} on members that are reached by SQL alone, as the ledger has
 * it: nothing else tells our entries from those of other people. It is claimed before it is set, so
 * that what was set by an act of which nobody heard again is known to be ours. Each value has a
 * sign before it, for a ledger takes an empty text and an @ for something else.
 *
 * @param entries the ledger
 */
public record OwnSettings(Details entries) {
  private static final String MARK = "set.";
  private static final String SEPARATOR = "\n";
  private static final String SIGN = "=";

  private static String key(MemberId member, String parameter) {
    return MARK + member + "/" + parameter;
  }

  /** Whether an entry with that value is one of ours. */
  boolean has(MemberId member, String parameter, String value) {
    return values(member, parameter).contains(SIGN + value);
  }

  private List<String> values(MemberId member, String parameter) {
    return entries
        .find(key(member, parameter))
        .map(text -> List.of(text.split(SEPARATOR, -1)))
        .orElse(List.of());
  }

  /** The parameters that we have set on a member. */
  List<String> names(MemberId member) {
    String prefix = MARK + member + "/";
    List<String> names = new ArrayList<>();
    for (String key : entries.entries().tailMap(prefix).keySet()) {
      if (!key.startsWith(prefix)) {
        break;
      }
      names.add(key.substring(prefix.length()));
    }
    return names;
  }

  /** Entries that claim {@code values} beside what is ours already. */
  public Details claim(MemberId member, Map<String, String> values) {
    Details claimed = Details.NONE;
    for (Map.Entry<String, String> each : values.entrySet()) {
      List<String> all = new ArrayList<>(values(member, each.getKey()));
      String value = SIGN + each.getValue();
      all.remove(value);
      all.add(value);
      claimed = claimed.with(key(member, each.getKey()), String.join(SEPARATOR, all));
    }
    return claimed;
  }

  /** Entries for when {@code set} is in force and {@code reset} is no more. */
  public static Details settled(MemberId member, Map<String, String> set, List<String> reset) {
    SortedMap<String, String> entries = new TreeMap<>();
    set.forEach((name, value) -> entries.put(key(member, name), SIGN + value));
    reset.forEach(name -> entries.put(key(member, name), ""));
    return Details.copyOf(entries);
  }
}
