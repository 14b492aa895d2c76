package io.cotidal.server.api;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the header Prefer, as far as it is about waiting. Preferences that are not understood are
 * passed over.
 */
final class Preferences {
  /** How long a caller waits who says nothing. */
  static final Duration DEFAULT = Duration.ofSeconds(2);

  /** How long nobody waits longer. */
  static final Duration LONGEST = Duration.ofSeconds(60);

  private static final Pattern WAIT =
      Pattern.compile("(?:^|[,;])\\s*wait\\s*=\\s*\"?([0-9]{1,6})\"?\\s*(?:$|[,;])");

  private Preferences() {}

  static Duration waiting(String prefer) {
    Matcher wait = WAIT.matcher(prefer);
    if (wait.find()) {
      Duration asked = Duration.ofSeconds(Long.parseLong(wait.group(1)));
      return asked.compareTo(LONGEST) > 0 ? LONGEST : asked;
    }
    return DEFAULT;
  }
}
