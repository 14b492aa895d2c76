package io.cotidal.feeds.transfer;

import io.cotidal.feeds.job.Blob;
import io.cotidal.feeds.transfer.TransferException.Kind;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Which names are asked for, and what they are called here.
 *
 * <p>Whoever reads jobs has refused bad names before; they are looked at again where they become
 * arguments and paths.
 */
final class Names {
  private static final Pattern HOST =
      Pattern.compile(
          "(?:[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}@)?"
              + "(?:[A-Za-z0-9_][A-Za-z0-9_.-]{0,252}|\\[[0-9A-Fa-f:.]{2,45}\\])");
  private static final Pattern MD5 = Pattern.compile("[0-9a-f]{32}");
  private static final int LONGEST_PATH = 4000;
  private static final int LONGEST_PART = 255;

  private Names() {}

  /**
   * The blob, if its names are harmless.
   *
   * @throws TransferException if not, as {@link Kind#REFUSED}
   */
  static Blob check(Blob blob) throws TransferException {
    host(blob.host());
    path(blob.path());
    if (blob.pinned() && !MD5.matcher(blob.md5()).matches()) {
      throw refused(blob.md5(), "is no MD5 checksum of 32 lower-case digits");
    }
    return blob;
  }

  /** The host, if it is harmless as an argument. */
  static String host(String host) throws TransferException {
    if (!HOST.matcher(host).matches()) {
      throw refused(host, "is no host; write user@host or host");
    }
    return host;
  }

  /** The path, if it is absolute, ends in a file's name and stays where it says. */
  static String path(String path) throws TransferException {
    if (!path.startsWith("/") || path.endsWith("/")) {
      throw refused(path, "is no absolute path of a file");
    }
    if (path.codePoints().anyMatch(Names::control) || !encodes(path)) {
      throw refused(path, "has control characters");
    }
    if (bytes(path) > LONGEST_PATH) {
      throw refused(path, "is too long");
    }
    for (String part : List.of(path.split("/"))) {
      if (part.equals(".") || part.equals("..") || bytes(part) > LONGEST_PART) {
        throw refused(path, "has a part that is '.', '..' or too long");
      }
    }
    return path;
  }

  /**
   * Under which key a blob is kept here and served to others: by what the job says of its content,
   * else by where it comes from. Two tables of the same name have two keys.
   */
  static String key(Blob blob) {
    return blob.pinned() ? blob.md5() : Digests.sha256(blob.host() + ":" + blob.path());
  }

  /** Whether a name means the same in every language that this process may run in. */
  static boolean ascii(String text) {
    return text.chars().allMatch(c -> c >= ' ' && c < 127);
  }

  /** At most 200 characters of a text, none of which acts on a terminal or a log. */
  static String printable(String text) {
    StringBuilder safe = new StringBuilder();
    text.codePoints()
        .limit(200)
        .forEach(c ->
            safe.appendCodePoint(
                control(c) || Character.getType(c) == Character.SURROGATE ? '?' : c));
    return safe.toString();
  }

  private static boolean control(int c) {
    int type = Character.getType(c);
    return type == Character.CONTROL
        || type == Character.FORMAT
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR;
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static boolean encodes(String text) {
    CharsetEncoder encoder = StandardCharsets.UTF_8.newEncoder();
    try {
      return encoder.encode(CharBuffer.wrap(text)).hasRemaining();
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private static TransferException refused(String text, String reason) {
    return new TransferException(
        Kind.REFUSED, "'" + printable(text) + "' " + reason + "; the job must be corrected");
  }
}
