package io.cotidal.feeds.steps;

import io.cotidal.feeds.job.Subject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whose turn it is to be read at one GeoServer: what was not as it should be is read at each look,
 * so that it does not seem mended; the others by turns. Thread-safe.
 */
final class Rounds {
  /** Of each of both kinds, so many are read by one look. */
  static final int EACH = 20;

  private final Map<Subject, Long> read = new HashMap<>();
  private final Set<Subject> odd = new HashSet<>();
  private long now;

  /** Those to be read now: those that were odd, then others, those read longest ago first. */
  synchronized List<Subject> next(Collection<Subject> all) {
    read.keySet().retainAll(all);
    odd.retainAll(all);
    List<Subject> sorted = new ArrayList<>(all);
    sorted.sort(
        Comparator.comparingLong((Subject each) -> read.getOrDefault(each, -1L))
            .thenComparing(Subject::key));
    List<Subject> next =
        new ArrayList<>(sorted.stream().filter(odd::contains).limit(EACH).toList());
    sorted.stream().filter(each -> !odd.contains(each)).limit(EACH).forEach(next::add);
    return next;
  }

  /** It had its turn: it was as it should be, or could not be read, or it was odd. */
  synchronized void had(Subject subject, boolean wasOdd) {
    read.put(subject, now++);
    if (wasOdd) {
      odd.add(subject);
    } else {
      odd.remove(subject);
    }
  }
}
