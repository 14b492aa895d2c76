package io.cotidal.lab.geoserver;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which calls of the REST interface go wrong, and how. Thread-safe. */
final class Faults {
  private final Map<String, Due> about = new HashMap<>();
  private @Nullable Fault next;
  private int until;

  /** Calls that change one thing: those from {@code first} on fail, so many. */
  private static final class Due {
    private final Pattern word;
    private int first;
    private int times;

    Due(Pattern word, int first, int times) {
      this.word = word;
      this.first = first;
      this.times = times;
    }

    /** Whether this call of it fails. */
    boolean fails() {
      if (--first > 0 || times == 0) {
        return false;
      }
      times--;
      return true;
    }
  }

  synchronized void next(int number, Fault how) {
    until = number;
    next = how;
  }

  /** Nothing goes wrong any more; whether the one call was still to. */
  synchronized boolean heal() {
    boolean pending = next != null;
    next = null;
    about.clear();
    return pending;
  }

  synchronized void about(String word, int number, int times) {
    Pattern whole = Pattern.compile("\\b" + Pattern.quote(word) + "\\b");
    about.put(word, new Due(whole, number, times));
  }

  /** Words of which fewer calls failed than were to. */
  synchronized Set<String> pending() {
    Set<String> words = new TreeSet<>();
    about.forEach((word, due) -> {
      if (due.times > 0) {
        words.add(word);
      }
    });
    return words;
  }

  /** How a call goes wrong, if it does. */
  synchronized Optional<Fault> due(String method, String shown, String body) {
    if (!shown.contains("/rest/")) {
      return Optional.empty();
    }
    boolean fails = false;
    for (Due each : method.equals("GET") ? List.<Due>of() : about.values()) {
      if (each.word.matcher(shown).find() || each.word.matcher(body).find()) {
        fails |= each.fails();
      }
    }
    if (fails) {
      return Optional.of(Fault.ERROR);
    }
    Fault armed = next;
    if (armed == null || --until > 0) {
      return Optional.empty();
    }
    next = null;
    return Optional.of(armed);
  }
}
