package io.cotidal.objects.placing;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A placing as it is announced: the same text at every site.
 *
 * @param generation of it; 0 if it cannot be understood
 * @param mark of all that it says but its generation; empty if it cannot be understood
 * @param text whole
 */
public record Announcement(long generation, String mark, String text) {
  /** Beside the name of the namespace: the container that has it, in the service's account. */
  public static final String CONTAINER = "cotidal-placing";

  /** That placing. */
  public static Announcement of(Placing placing) {
    return new Announcement(placing.generation(), mark(placing), PlacingText.write(placing));
  }

  /** What is written somewhere. */
  public static Announcement read(String text) {
    try {
      Placing placing = PlacingText.read(text);
      return new Announcement(placing.generation(), mark(placing), text);
    } catch (IllegalArgumentException e) {
      return new Announcement(0, "", text);
    }
  }

  private static String mark(Placing placing) {
    String text = PlacingText.write(placing.at(0));
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
