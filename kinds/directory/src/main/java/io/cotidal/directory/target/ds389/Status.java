package io.cotidal.directory.target.ds389;

import io.cotidal.directory.observe.Agreement;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What an agreement's sentence about its last session means. */
final class Status {
  private static final Pattern NUMBERED =
      Pattern.compile("(?:Error )?\\((-?[0-9]{1,6})\\)\\s*(.*)", Pattern.DOTALL);

  private static final int SAME_ID = 11;
  private static final int STALLED = 18;
  private static final int OTHER_DATA = 19;
  private static final int CREDENTIALS = 49;
  private static final int CONNECT = -11;
  private static final int DOWN = -1;

  private Status() {}

  /** Of a sentence as the server tells it; empty if it tells none. */
  static Agreement.Status of(String sentence) {
    Matcher numbered = NUMBERED.matcher(sentence.strip());
    if (!numbered.matches()) {
      return sentence.isBlank() ? Agreement.Status.NONE_YET : Agreement.Status.FAILED;
    }
    int number = Integer.parseInt(numbered.group(1));
    String words = numbered.group(2).toLowerCase(Locale.ROOT);
    if (purged(words)) {
      return Agreement.Status.PURGED;
    }
    if (words.contains("certificate") || words.contains("tls")) {
      return number == 0 ? well(words) : Agreement.Status.TLS;
    }
    return switch (number) {
      case 0 -> well(words);
      case SAME_ID ->
          words.contains("replica id") ? Agreement.Status.SAME_ID : Agreement.Status.FAILED;
      case STALLED -> Agreement.Status.STALLED;
      case OTHER_DATA -> Agreement.Status.OTHER_DATA;
      case CREDENTIALS -> Agreement.Status.CREDENTIALS;
      case CONNECT -> Agreement.Status.TLS;
      case DOWN -> Agreement.Status.UNREACHABLE;
      default -> other(words);
    };
  }

  private static Agreement.Status well(String words) {
    // Of one that is enabled: it has had nothing to send since, or has lost its sender.
    if (words.contains("no replication sessions started") || words.contains("agreement disabled")) {
      return Agreement.Status.NONE_YET;
    }
    if (words.contains("started") || words.contains("in progress")) {
      return Agreement.Status.SENDING;
    }
    return words.contains("succeeded") || words.contains("acquired successfully")
        ? Agreement.Status.SUCCEEDED
        : Agreement.Status.FAILED;
  }

  private static Agreement.Status other(String words) {
    if (words.contains("busy")) {
      return Agreement.Status.BUSY;
    }
    return words.contains("timed out")
            || words.contains("timeout error")
            || words.contains("can't contact")
            || words.contains("connection error")
        ? Agreement.Status.UNREACHABLE
        : Agreement.Status.FAILED;
  }

  /** The supplier's changelog no longer reaches back to where the consumer stands. */
  private static boolean purged(String words) {
    return words.contains("purged")
        || words.contains("must be reinitialized")
        || words.contains("can't locate csn")
        || words.contains("changelog data is missing");
  }
}
