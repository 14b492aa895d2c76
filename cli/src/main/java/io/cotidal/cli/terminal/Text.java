package io.cotidal.cli.terminal;

import java.util.Collection;
import java.util.Locale;

/** Texts for a screen. */
public final class Text {
  private static final long SECOND = 1_000_000L;

  private Text() {}

  /**
   * {@code text} with every control character replaced by a space. Sentences from the server carry
   * what a database said; none of it may move the cursor or start an escape sequence.
   */
  public static String plain(String text) {
    int length = text.length();
    for (int i = 0; i < length; i++) {
      if (isControl(text.charAt(i))) {
        StringBuilder clean = new StringBuilder(text);
        for (int j = i; j < length; j++) {
          if (isControl(clean.charAt(j))) {
            clean.setCharAt(j, ' ');
          }
        }
        return clean.toString();
      }
    }
    return text;
  }

  /** C0, DEL, C1, line separators and the marks that reorder what is shown. */
  private static boolean isControl(char c) {
    return c < 0x20
        || (c >= 0x7f && c < 0xa0)
        || (c >= 0x2028 && c <= 0x202e)
        || (c >= 0x2066 && c <= 0x2069);
  }

  /**
   * How many columns {@code text} takes: combining marks none, East Asian wide characters and emoji
   * two.
   */
  public static int width(String text) {
    int width = 0;
    for (int i = 0; i < text.length(); ) {
      int point = text.codePointAt(i);
      width += width(point);
      i += Character.charCount(point);
    }
    return width;
  }

  private static int width(int point) {
    if (point < 0x300) {
      return 1;
    }
    int type = Character.getType(point);
    if (type == Character.NON_SPACING_MARK
        || type == Character.ENCLOSING_MARK
        || type == Character.FORMAT) {
      return 0;
    }
    boolean wide =
        (point >= 0x1100 && point <= 0x115f)
            || (point >= 0x2e80 && point <= 0xa4cf)
            || (point >= 0xac00 && point <= 0xd7a3)
            || (point >= 0xf900 && point <= 0xfaff)
            || (point >= 0xfe30 && point <= 0xfe6f)
            || (point >= 0xff00 && point <= 0xff60)
            || (point >= 0xffe0 && point <= 0xffe6)
            || (point >= 0x1f300 && point <= 0x1faff)
            || (point >= 0x20000 && point <= 0x3fffd);
    return wide ? 2 : 1;
  }

  /** {@code text} in at most {@code limit} columns; what does not fit ends in {@code ellipsis}. */
  public static String fit(String text, int limit, String ellipsis) {
    if (width(text) <= limit) {
      return text;
    }
    int room = limit - width(ellipsis);
    if (room < 0) {
      return "";
    }
    StringBuilder kept = new StringBuilder();
    int used = 0;
    for (int i = 0; i < text.length(); ) {
      int point = text.codePointAt(i);
      used += width(point);
      if (used > room) {
        break;
      }
      kept.appendCodePoint(point);
      i += Character.charCount(point);
    }
    return kept.append(ellipsis).toString();
  }

  /**
   * A span of {@code micros} as people say it: {@code 0.21 s}, {@code 3 min 4 s}, {@code 2 h 5
   * min}.
   */
  public static String span(long micros) {
    long clamped = Math.max(0, micros);
    if (clamped < 60 * SECOND) {
      long hundredths = clamped / (SECOND / 100);
      long rest = hundredths % 100;
      return hundredths / 100 + (rest < 10 ? ".0" : ".") + rest + " s";
    }
    return coarse(clamped / SECOND);
  }

  /** How long ago something was, coarsely: {@code 3 s}, {@code 5 min}, {@code 2 h}, {@code 4 d}. */
  public static String age(long micros) {
    long seconds = Math.max(0, micros) / SECOND;
    if (seconds < 60) {
      return seconds + " s";
    }
    if (seconds < 3600) {
      return seconds / 60 + " min";
    }
    return seconds < 172_800 ? seconds / 3600 + " h" : seconds / 86_400 + " d";
  }

  private static String coarse(long seconds) {
    if (seconds < 3600) {
      return seconds / 60 + " min " + seconds % 60 + " s";
    }
    return seconds / 3600 + " h " + seconds % 3600 / 60 + " min";
  }

  /** {@code bytes} as people say it: {@code 0 B}, {@code 24 B}, {@code 1.5 MiB}. */
  public static String bytes(long bytes) {
    if (bytes < 1024) {
      return bytes + " B";
    }
    long unit = 1024;
    String names = "KMGTPE";
    int name = 0;
    while (bytes / unit >= 1024 && name < names.length() - 1) {
      unit *= 1024;
      name++;
    }
    long tenths = bytes % unit / (unit / 1024) * 10 / 1024;
    return bytes / unit + "." + tenths + " " + names.charAt(name) + "iB";
  }

  /** The candidate that {@code word} was probably meant to be; empty if none is near. */
  public static String nearest(String word, Collection<String> candidates) {
    String wanted = word.toLowerCase(Locale.ROOT);
    String best = "";
    int least = Math.max(2, wanted.length() / 3) + 1;
    for (String candidate : candidates) {
      int distance =
          candidate.startsWith(wanted) && wanted.length() > 1 ? 1 : distance(wanted, candidate);
      if (distance < least) {
        least = distance;
        best = candidate;
      }
    }
    return best;
  }

  /** Edits that lead from one text to the other; neighbours that changed places count once. */
  private static int distance(String from, String to) {
    int[][] cost = new int[from.length() + 1][to.length() + 1];
    for (int i = 0; i <= from.length(); i++) {
      for (int j = 0; j <= to.length(); j++) {
        if (i == 0 || j == 0) {
          cost[i][j] = i + j;
          continue;
        }
        int change = from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1;
        cost[i][j] =
            Math.min(Math.min(cost[i - 1][j], cost[i][j - 1]) + 1, cost[i - 1][j - 1] + change);
        if (i > 1
            && j > 1
            && from.charAt(i - 1) == to.charAt(j - 2)
            && from.charAt(i - 2) == to.charAt(j - 1)) {
          cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
        }
      }
    }
    return cost[from.length()][to.length()];
  }
}
