package io.cotidal.feeds.repository;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Which names in a repository are read; a repository's author may have chosen any bytes. */
final class Names {
  private static final int LONGEST = 1024;
  private static final Set<String> FORBIDDEN = Set.of("", ".", "..", ".git", ".hg");

  private Names() {}

  /** The name that these bytes are in UTF-8, or a form of it to show, with the reason. */
  record Read(String shown, Optional<String> refusal) {}

  static Read of(byte[] bytes) {
    try {
      String path =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(bytes))
              .toString();
      return new Read(printable(path), refusal(path));
    } catch (CharacterCodingException e) {
      return new Read(
          printable(new String(bytes, StandardCharsets.ISO_8859_1)),
          Optional.of("its name is not UTF-8"));
    }
  }

  private static Optional<String> refusal(String path) {
    if (path.chars().anyMatch(c -> Character.isISOControl(c))) {
      return Optional.of("its name has a control character");
    }
    if (path.length() > LONGEST) {
      return Optional.of("its name has more than " + LONGEST + " characters");
    }
    for (String segment : List.of(path.split("/", -1))) {
      if (FORBIDDEN.contains(segment.toLowerCase(Locale.ROOT))) {
        return Optional.of("'" + segment + "' is no name of a file or folder");
      }
    }
    return Optional.empty();
  }

  /** That text without what would move a terminal's cursor. */
  static String printable(String text) {
    StringBuilder shown = new StringBuilder();
    text.codePoints()
        .limit(LONGEST)
        .forEach(c -> shown.appendCodePoint(Character.isISOControl(c) ? '?' : c));
    return shown.toString();
  }
}
