package io.cotidal.postgres.losses;

import io.cotidal.model.Details;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What was lost so far, in a cluster's ledger.
 *
 * @param losses the oldest first
 */
public record LossList(List<Loss> losses) {
  /** So many are remembered. */
  public static final int REMEMBERED = 20;

  private static final String PREFIX = "loss.";
  private static final int DIGITS = 12;

  /** Copies the list. */
  public LossList {
    losses = List.copyOf(losses);
  }

  /** Reads what operations have written. */
  public static LossList of(Details ledger) {
    TreeMap<Long, Details> found = new TreeMap<>();
    for (Map.Entry<String, String> entry : ledger.entries().tailMap(PREFIX).entrySet()) {
      String name = entry.getKey();
      if (!name.startsWith(PREFIX)) {
        break;
      }
      int dot = PREFIX.length() + DIGITS;
      long operation = Long.parseLong(name.substring(PREFIX.length(), dot));
      found.merge(operation, Details.of(name.substring(dot + 1), entry.getValue()), Details::with);
    }
    List<Loss> losses = new ArrayList<>();
    found.forEach((operation, facts) -> losses.add(new Loss(operation, facts)));
    return new LossList(losses);
  }

  /**
   * Entries that keep a step's evidence, if it tells of a loss, and let the oldest go if there are
   * too many.
   */
  public static Details entries(long operation, Details ledger) {
    Details entries = Details.NONE;
    List<Loss> known = of(ledger).losses();
    for (Loss old : known.subList(0, Math.max(0, known.size() - REMEMBERED + 1))) {
      for (String fact : LossFacts.ALL) {
        entries = entries.with(name(old.operation(), fact), "");
      }
    }
    for (String fact : LossFacts.ALL) {
      entries = entries.with(name(operation, fact), "@" + fact);
    }
    return entries;
  }

  private static String name(long operation, String fact) {
    return String.format(Locale.ROOT, "%s%0" + DIGITS + "d.%s", PREFIX, operation, fact);
  }

  /** Whether what that member had is known already, for that primary since that promotion. */
  public boolean has(String member, String primary, long reign) {
    return losses.stream()
        .anyMatch(loss ->
            loss.member().equals(member)
                && loss.primary().equals(primary)
                && loss.reign().equals(Long.toString(reign)));
  }
}
