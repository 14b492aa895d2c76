package io.cotidal.postgres.steps;

import io.cotidal.model.MemberId;
import io.cotidal.postgres.observe.ControlFile;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A place in the log at which a copied data directory was for certain. Pure. */
record CopyOrigin(long timeline, long position) {
  private static final Pattern BEGAN =
      Pattern.compile("CHECKPOINT LOCATION: ([0-9A-F]{1,8})/([0-9A-F]{1,8})");
  private static final Pattern TIMELINE = Pattern.compile("START TIMELINE: ([0-9]{1,10})");
  private static final Pattern LEFT =
      Pattern.compile("\\s*([0-9]{1,10})\\s+([0-9A-Fa-f]{1,8})/([0-9A-Fa-f]{1,8})(\\s.*)?");

  /**
   * How the source came to where it is.
   *
   * @param timeline its own
   * @param position how far it is
   * @param text its timeline's history file; empty on the first timeline
   */
  record History(long timeline, long position, String text) {
    /** Where it left that timeline, or how far it is on it; empty if it never was on it. */
    Optional<Long> end(long asked) throws ActFailed {
      if (asked == timeline) {
        return Optional.of(position);
      }
      for (String line : text.lines().toList()) {
        if (line.isBlank() || line.strip().startsWith("#")) {
          continue;
        }
        Matcher parts = LEFT.matcher(line);
        if (!parts.matches()) {
          throw new ActFailed("'" + line.strip() + "' is no line of a history");
        }
        if (Long.parseLong(parts.group(1)) == asked) {
          return Optional.of(lsn(parts.group(2), parts.group(3)));
        }
      }
      return Optional.empty();
    }
  }

  private static long lsn(String high, String low) {
    return (Long.parseLong(high, 16) << 32) | Long.parseLong(low, 16);
  }

  /**
   * Reads them off what was brought. A copy of a server that ran becomes consistent only by its
   * label; without one nobody could tell a torn copy from a whole one.
   *
   * @param label the text of {@code backup_label}
   * @return every place at which the copy was for certain
   */
  static List<CopyOrigin> of(ControlFile control, Optional<String> label) throws ActFailed {
    CopyOrigin checkpoint = new CopyOrigin(control.timeline(), control.checkpoint());
    if (label.isPresent()) {
      return List.of(labelled(label.get()), checkpoint);
    }
    if (!control.clean()) {
      throw new ActFailed(
          "what it brought has no backup_label, and its control file says "
              + control.state()
              + ": copy between pg_backup_start and pg_backup_stop, or from a stopped server");
    }
    return control.minimumRecovery() > control.checkpoint()
        ? List.of(checkpoint, new CopyOrigin(control.minimumTimeline(), control.minimumRecovery()))
        : List.of(checkpoint);
  }

  private static CopyOrigin labelled(String label) throws ActFailed {
    Matcher began = BEGAN.matcher(label);
    Matcher timeline = TIMELINE.matcher(label);
    if (!began.find() || !timeline.find()) {
      throw new ActFailed("the backup_label that it brought names no checkpoint or no timeline");
    }
    return new CopyOrigin(Long.parseLong(timeline.group(1)), lsn(began.group(1), began.group(2)));
  }

  /** Refuses a copy whose history is not the source's. */
  void requireOn(MemberId source, History history) throws ActFailed {
    Optional<Long> end = history.end(timeline);
    if (end.isEmpty() || position > end.get()) {
      throw new ActFailed(
          "what it brought was at "
              + text(position)
              + " on timeline "
              + timeline
              + ", where "
              + source
              + " never was"
              + end.map(left -> "; it was there up to " + text(left)).orElse("")
              + ": copy from "
              + source);
    }
  }

  private static String text(long lsn) {
    return String.format(Locale.ROOT, "%X/%X", lsn >>> 32, lsn & 0xFFFF_FFFFL);
  }
}
