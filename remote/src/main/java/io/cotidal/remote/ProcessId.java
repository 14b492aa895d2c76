package io.cotidal.remote;

/**
 * One process of this machine. The number alone names another process once it is reused; with its
 * start time it does not.
 *
 * @param pid the process id
 * @param start its start, in clock ticks since the machine booted
 */
public record ProcessId(long pid, long start) {
  @Override
  public String toString() {
    return pid + "@" + start;
  }

  /**
   * Reads {@code pid@start}.
   *
   * @throws IllegalArgumentException if the text has another form
   */
  public static ProcessId parse(String text) {
    int at = text.indexOf('@');
    try {
      if (at > 0) {
        return new ProcessId(
            Long.parseLong(text.substring(0, at)), Long.parseLong(text.substring(at + 1)));
      }
    } catch (NumberFormatException e) {
      // The one message below says what form is wanted.
    }
    throw new IllegalArgumentException("process '" + text + "': write pid@start");
  }
}
