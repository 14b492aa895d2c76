package io.cotidal.postgres.reach;

import java.util.regex.Pattern;

/** What of a data directory one run of rsync brings. */
public sealed interface Portion {
  /** The words by which the gate's program knows it. */
  String words();

  /** Everything but the control file, the log and what no copy may bring along. */
  record Data() implements Portion {
    @Override
    public String words() {
      return "data";
    }
  }

  /** The control file. */
  record Control() implements Portion {
    @Override
    public String words() {
      return "control";
    }
  }

  /**
   * The log, and the histories of timelines.
   *
   * @param first file name of the first segment
   * @param last of the last one
   */
  record Log(String first, String last) implements Portion {
    private static final Pattern SEGMENT = Pattern.compile("[0-9A-F]{24}");

    /** Only names of segments. */
    public Log {
      if (!SEGMENT.matcher(first).matches() || !SEGMENT.matcher(last).matches()) {
        throw new IllegalArgumentException("a segment of the log has 24 hexadecimal digits");
      }
    }

    @Override
    public String words() {
      return "log " + first + " " + last;
    }
  }
}
