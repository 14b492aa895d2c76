package io.cotidal.feeds.transfer;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a transfer cost, as rsync counts it.
 *
 * @param literal bytes of files that were sent
 * @param matched bytes of files that were here already, from an earlier try
 * @param received bytes on the wire towards us
 */
public record Traffic(long literal, long matched, long received) {
  /** Reads what {@code rsync --stats --no-human-readable} printed. */
  static Traffic read(String output) {
    return new Traffic(
        number(output, "Literal data"),
        number(output, "Matched data"),
        number(output, "Total bytes received"));
  }

  private static long number(String output, String name) {
    Matcher line = Pattern.compile("(?m)^" + name + ": (\\d{1,18})(?: bytes)?$").matcher(output);
    return line.find() ? Long.parseLong(line.group(1)) : 0;
  }
}
