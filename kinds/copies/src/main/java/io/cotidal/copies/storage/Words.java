package io.cotidal.copies.storage;

import java.nio.file.Path;

/** File names for messages. */
final class Words {
  private static final int LONGEST = 200;

  private Words() {}

  /** The path, on one line, not longer than fits a message. */
  static String shown(Path path) {
    String text = path.toString();
    StringBuilder shown = new StringBuilder();
    for (int at = 0; at < Math.min(LONGEST, text.length()); at++) {
      char letter = text.charAt(at);
      shown.append(Character.isISOControl(letter) ? '?' : letter);
    }
    return text.length() > LONGEST ? shown + "…" : shown.toString();
  }
}
