package io.cotidal.cli.commands;

/** How far something is, drawn in one line. */
final class Bar {
  private static final int WIDTH = 20;

  private Bar() {}

  /** The part that is done of {@code total}, which is more than 0. */
  static String of(long done, long total) {
    int full = (int) Math.clamp(done * (double) WIDTH / total, 0, WIDTH);
    return "[" + "#".repeat(full) + ".".repeat(WIDTH - full) + "]";
  }
}
