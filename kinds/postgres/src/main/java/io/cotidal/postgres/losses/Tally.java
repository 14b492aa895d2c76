package io.cotidal.postgres.losses;

import io.cotidal.pgclient.Lsn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@link TailScript#keep} found: numbers of transactions, and the relations that have lost
 * most, as the log names them.
 *
 * @param state how reading ended
 * @param last byte position of the last record that was read; 0 if none was
 * @param reached whether reading came to the fork at least
 * @param beyond the segment in which the log goes on after where it could be read to; empty if none
 * @param why what pg_waldump said at the end; empty if nothing
 * @param numbers by name, as the script writes them
 * @param first when the first of them was committed, in UTC; empty if none was
 * @param finished when the last of them was committed; empty if none was
 * @param files the relations, those with the most rows first
 * @param relations how many relations there are in all
 * @param log what became of the segments: their number, bytes and {@code kept} or why not; empty if
 *     there was nothing to keep
 * @param folder where it is kept; empty if nowhere
 */
public record Tally(
    State state,
    long last,
    boolean reached,
    String beyond,
    String why,
    Map<String, Long> numbers,
    String first,
    String finished,
    List<File> files,
    long relations,
    Optional<Log> log,
    String folder) {

  /** How reading ended. */
  public enum State {
    /** Where the log ends, or where it can be read no further. */
    READ,
    /** The time was up. */
    LATE,
    /** A segment that is needed is not there. */
    GONE,
    /** Its listing went on with what does not follow. */
    STRANGE,
    /** Nothing could be read. */
    NONE
  }

  /**
   * A relation's file.
   *
   * @param name tablespace, database and file, with slashes between
   * @param made whether it was made beyond the fork: the primary may use its number for another one
   */
  public record File(String name, RowCounts counts, boolean made) {}

  /**
   * Segments of the log.
   *
   * @param kept {@code kept}, or why they are not
   */
  public record Log(long segments, long bytes, String kept) {
    /** Whether they are kept. */
    public boolean isKept() {
      return kept.equals("kept");
    }
  }

  private static final Pattern NUMBER = Pattern.compile("([a-z-]+) ([0-9]{1,15})");
  private static final Pattern FILE =
      Pattern.compile(
          "relation ([0-9]{1,10}/[0-9]{1,10}/[0-9]{1,10}) (-?[0-9]{1,15}) ([0-9]{1,15}) ([0-9]{1,15})"
              + " ([0-9]{1,15}) (old|new) -?[0-9]{1,15}");
  private static final Pattern LOG = Pattern.compile("segments ([0-9]{1,9}) ([0-9]{1,18}) (.+)");

  /** Copies the collections. */
  public Tally {
    numbers = Map.copyOf(numbers);
    files = List.copyOf(files);
  }

  /**
   * Reads it.
   *
   * @throws IllegalArgumentException with one line if it is not whole
   */
  public static Tally read(String said) {
    Map<String, String> words = new HashMap<>();
    Map<String, Long> numbers = new HashMap<>();
    List<File> files = new ArrayList<>();
    boolean whole = false;
    for (String line : said.lines().toList()) {
      Matcher number = NUMBER.matcher(line);
      Matcher file = FILE.matcher(line);
      whole = line.equals("done");
      if (file.matches()) {
        files.add(file(file));
      } else if (number.matches()) {
        numbers.put(number.group(1), Long.parseLong(number.group(2)));
      } else if (line.indexOf(' ') > 0) {
        words.put(line.substring(0, line.indexOf(' ')), line.substring(line.indexOf(' ') + 1));
      }
    }
    if (!whole || !numbers.containsKey("transactions") || !numbers.containsKey("relations")) {
      throw new IllegalArgumentException("the count did not come whole");
    }
    Matcher log = LOG.matcher("segments " + words.getOrDefault("segments", ""));
    String folder = words.getOrDefault("folder", "");
    return new Tally(
        state(words.getOrDefault("state", "")),
        words.containsKey("last") ? Lsn.parse(words.get("last")) : 0,
        words.getOrDefault("reached", "no").equals("yes"),
        words.getOrDefault("beyond", ""),
        words.getOrDefault("why", ""),
        numbers,
        words.getOrDefault("first", ""),
        words.getOrDefault("final", ""),
        files,
        numbers.get("relations"),
        log.matches()
            ? Optional.of(
                new Log(Long.parseLong(log.group(1)), Long.parseLong(log.group(2)), log.group(3)))
            : none(folder),
        folder.startsWith("/") ? folder : "");
  }

  /** Without a folder the script says why instead. */
  private static Optional<Log> none(String folder) {
    return folder.startsWith("none ")
        ? Optional.of(new Log(0, 0, folder.substring("none ".length())))
        : Optional.empty();
  }

  private static File file(Matcher file) {
    return new File(
        file.group(1),
        new RowCounts(
            Math.max(0, Long.parseLong(file.group(2))),
            Long.parseLong(file.group(3)),
            Long.parseLong(file.group(4)),
            Long.parseLong(file.group(5))),
        file.group(6).equals("new"));
  }

  private static State state(String word) {
    return switch (word) {
      case "read" -> State.READ;
      case "late" -> State.LATE;
      case "gone" -> State.GONE;
      case "strange" -> State.STRANGE;
      case "none" -> State.NONE;
      default -> throw new IllegalArgumentException("the count ended in the state '" + word + "'");
    };
  }

  /** The number of that name; 0 if it was not told. */
  public long number(String name) {
    return numbers.getOrDefault(name, 0L);
  }

  /**
   * Why not all of it was counted; empty if all was.
   *
   * @param known byte position of a record that the log is known to have had; 0 if none is
   */
  public Optional<String> gap(long known) {
    String read = last == 0 ? "nothing" : "up to " + Lsn.format(last) + " only";
    return switch (state) {
      case LATE -> Optional.of("it took too long: counted " + read);
      case GONE -> Optional.of(why);
      case STRANGE -> Optional.of("its listing could be followed " + read);
      case NONE -> Optional.of("nothing could be read");
      case READ -> unread(known, read + (why.isEmpty() ? "" : ": " + why));
    };
  }

  private Optional<String> unread(long known, String read) {
    if (!reached) {
      return Optional.of("it could not be read from where it parts on, but " + read);
    }
    if (!beyond.isEmpty()) {
      return Optional.of("the log goes on in " + beyond + ", and could be read " + read);
    }
    return last < known
        ? Optional.of(
            "the log went on to " + Lsn.format(known) + " at least, and could be read " + read)
        : Optional.empty();
  }
}
