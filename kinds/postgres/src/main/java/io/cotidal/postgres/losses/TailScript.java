package io.cotidal.postgres.losses;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The script that counts and keeps the tail of a member's log, on the member's own machine. It is
 * the same for every member and is told everything in words.
 */
public final class TailScript {
  /** Its file in the gate's folder. */
  public static final String NAME = "losses";

  private TailScript() {}

  /** Its text. */
  public static String text() {
    try (InputStream file = TailScript.class.getResourceAsStream("tail.sh")) {
      if (file == null) {
        throw new IllegalStateException("tail.sh is missing from this build");
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Asks which timelines the log has; the answer is read by {@link History#read}. */
  public static List<String> look() {
    return List.of("look");
  }

  /**
   * What a tail is counted and kept by.
   *
   * @param folder name of the folder that it is kept in
   * @param bytes how much of the log is kept at most
   * @param folders how many folders there may be
   * @param seconds how long reading and keeping may take, each
   * @param segment size of a segment of the log in bytes
   * @param heartbeats the file of the table of heartbeats; {@code 0} if there is none
   */
  public record Limits(
      String folder, long bytes, int folders, long seconds, long segment, String heartbeats) {}

  /** Asks for a count of {@code spans}; the answer is read by {@link Tally#read}. */
  public static List<String> keep(Limits limits, List<Divergence.Span> spans) {
    List<String> words = new ArrayList<>();
    words.add("keep");
    words.add(limits.folder());
    words.add(Long.toString(limits.bytes()));
    words.add(Integer.toString(limits.folders()));
    words.add(Long.toString(limits.seconds()));
    words.add(Long.toString(limits.segment()));
    words.add(limits.heartbeats().replace('/', '.'));
    for (Divergence.Span span : spans) {
      words.add(span.timeline() + "." + span.from() + "." + span.to());
    }
    return words;
  }
}
