package io.cotidal.postgres.losses;

import java.util.ArrayList;
import java.util.List;

/** Where a member's log parts from the primary's. */
public sealed interface Divergence {
  /**
   * A part of the log.
   *
   * @param from byte position of its first record
   * @param to where the next timeline begins; 0 for the log's end
   */
  record Span(long timeline, long from, long to) {}

  /** It does not: what it has is the primary's, or may become so. */
  record None() implements Divergence {}

  /**
   * Nobody can tell.
   *
   * @param reason one line
   */
  record Unknown(String reason) implements Divergence {}

  /**
   * It does.
   *
   * @param tail what the primary has not, the oldest part first; never empty
   */
  record Parted(List<Span> tail) implements Divergence {
    /** Copies the list. */
    public Parted {
      tail = List.copyOf(tail);
    }

    /** Byte position at which it parts. */
    public long fork() {
      return tail.getFirst().from();
    }

    /** The timeline that was left there. */
    public long timeline() {
      return tail.getFirst().timeline();
    }
  }

  /**
   * Compares both histories from their beginning on.
   *
   * @param twins whether timelines of one number may be two, that began at one position
   */
  static Divergence of(History own, History primary, boolean twins) {
    for (int i = 0; i < Math.min(own.length(), primary.length()); i++) {
      if (own.timeline(i) != primary.timeline(i)) {
        return new Parted(tail(own, i, i == 0 ? 0 : own.end(i - 1)));
      }
      if (own.end(i) < primary.end(i)) {
        return new Parted(tail(own, i + 1, own.end(i)));
      }
      if (own.end(i) > primary.end(i)) {
        return new Parted(tail(own, i, primary.end(i)));
      }
    }
    return twins
        ? new Unknown(
            "its timeline "
                + own.newest()
                + " began where the primary's began, and nobody can tell whether they are one")
        : new None();
  }

  private static List<Span> tail(History own, int first, long from) {
    List<Span> spans = new ArrayList<>();
    long begin = from;
    for (int i = first; i < own.length(); i++) {
      boolean newest = i == own.length() - 1;
      spans.add(new Span(own.timeline(i), begin, newest ? 0 : own.end(i)));
      begin = own.end(i);
    }
    return spans;
  }
}
