package io.cotidal.feeds.delta;

import java.util.Optional;

/**
 * What an undo table says of itself, in its comment: so that whoever looks after a kill knows
 * whether the change was committed.
 *
 * @param delta {@link DeltaReader#digest} of the delta that was applied
 * @param base what the table held before
 * @param target what it holds since
 */
public record DeltaMark(String delta, TableDigest base, TableDigest target) {
  private static final String WORDS = "cotidal delta";

  /** Reads a comment; empty if it is not ours. */
  static Optional<DeltaMark> read(String comment) {
    String[] words = comment.split(" ", -1);
    if (words.length != 5 || !comment.startsWith(WORDS + " ")) {
      return Optional.empty();
    }
    return TableDigest.read(words[3])
        .flatMap(base ->
            TableDigest.read(words[4]).map(target -> new DeltaMark(words[2], base, target)));
  }

  String comment() {
    return WORDS + " " + delta + " " + base + " " + target;
  }
}
