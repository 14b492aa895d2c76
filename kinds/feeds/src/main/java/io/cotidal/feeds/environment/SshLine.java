package io.cotidal.feeds.environment;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a call of SSH says, as the original writes one: {@code ssh -i FILE -p PORT -o KEY=VALUE}.
 * Only what cannot run anything or weaken anything is taken.
 *
 * @param knownHosts empty if it names none
 * @param notes what was passed over, and why
 */
public record SshLine(
    Path identity, int port, Duration connect, Optional<Path> knownHosts, List<String> notes) {
  /** What the original says, without what switches the checks of hosts off. */
  public static final SshLine DEFAULT = read("ssh");

  /** Copies the notes. */
  public SshLine {
    notes = List.copyOf(notes);
  }

  /**
   * Reads the call.
   *
   * @throws IllegalArgumentException with the word that is not taken, and what may be said, in one
   *     line
   */
  public static SshLine read(String text) {
    return new Reader(text).line();
  }

  /** One pass over the words. */
  private static final class Reader {
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,6}");
    private static final String TAKEN =
        "; say -i FILE, -p PORT and -o with Port, IdentityFile, ConnectTimeout,"
            + " ServerAliveInterval, ConnectionAttempts or KeepAlive only";

    private final Deque<String> words;
    private final List<String> notes = new ArrayList<>();
    private Path identity = Path.of("/etc/id_rsa_borg");
    private int port = 22;
    private int connect = 3_600;
    private Optional<Path> knownHosts = Optional.empty();

    Reader(String text) {
      this.words = new ArrayDeque<>(ShellWords.cut(text));
    }

    SshLine line() {
      String program = words.isEmpty() ? "" : words.removeFirst();
      if (!program.equals("ssh") && !program.endsWith("/ssh")) {
        throw refused(program, "is not ssh; begin with ssh");
      }
      while (!words.isEmpty()) {
        option(words.removeFirst());
      }
      return new SshLine(identity, port, Duration.ofSeconds(connect), knownHosts, notes);
    }

    private void option(String word) {
      String flag = word.length() < 2 ? word : word.substring(0, 2);
      switch (flag) {
        case "-i" -> identity = path(word, value(word));
        case "-p" -> port = number(word, value(word), 65_535);
        case "-o" -> keyed(value(word));
        default -> throw refused(word, "is not taken" + TAKEN);
      }
    }

    private String value(String word) {
      if (word.length() > 2) {
        return word.substring(2).strip();
      }
      if (words.isEmpty()) {
        throw refused(word, "has no value; write one");
      }
      return words.removeFirst();
    }

    private void keyed(String option) {
      String[] parts = option.strip().split("\\s*=\\s*|\\s+", 2);
      String key = parts[0];
      String value = parts.length > 1 ? parts[1] : "";
      switch (key.toLowerCase(Locale.ROOT)) {
        case "identityfile" -> identity = path(option, value);
        case "port" -> port = number(option, value, 65_535);
        case "connecttimeout" -> connect = number(option, value, 86_400);
        case "serveraliveinterval", "serveralivecountmax", "connectionattempts" -> {
          int _ = number(option, value, 86_400);
          notes.add(key + " is passed over: every call has a deadline and is tried again");
        }
        case "keepalive", "tcpkeepalive" ->
            notes.add(key + " is passed over: every call has a deadline and is tried again");
        case "stricthostkeychecking" -> strict(option, value);
        case "userknownhostsfile" -> known(option, value);
        default -> throw refused("-o " + option, "is not taken" + TAKEN);
      }
    }

    private void strict(String option, String value) {
      if (!value.equals("yes")) {
        notes.add(
            "-o "
                + shown(option)
                + " is ignored: hosts are always checked; pin their keys in the"
                + " known hosts");
      }
    }

    private void known(String option, String value) {
      if (value.equals("/dev/null")) {
        notes.add(
            "-o "
                + shown(option)
                + " is ignored: hosts are always checked; name a file with their"
                + " keys");
      } else {
        knownHosts = Optional.of(path(option, value));
      }
    }

    private static Path path(String word, String value) {
      if (!value.startsWith("/") || value.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
        throw refused(word, "names no file; write an absolute path");
      }
      return Path.of(value).normalize();
    }

    private static int number(String word, String value, int most) {
      int number = NUMBER.matcher(value).matches() ? Integer.parseInt(value) : 0;
      if (number < 1 || number > most) {
        throw refused(word, "is out of range; write a number from 1 to " + most);
      }
      return number;
    }

    private static IllegalArgumentException refused(String word, String reason) {
      return new IllegalArgumentException("'" + shown(word) + "' " + reason);
    }

    private static String shown(String word) {
      return FeedsValues.line(word);
    }
  }
}
