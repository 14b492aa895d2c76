package io.cotidal.model;

import org.jspecify.annotations.Nullable;

/** Whether a server answers, by the latest look at it. Unknown is not down. */
public enum Answers {
  /** It answered. */
  YES,
  /** Nothing listened, or nothing came within the deadline. */
  NO,
  /** Nobody has looked yet, or what answered cannot be judged. */
  UNKNOWN;

  /** What {@code look} says; null if there was none. */
  public static Answers of(@Nullable Observation<?> look) {
    return switch (look) {
      case null -> UNKNOWN;
      case Observation.Seen<?> _ -> YES;
      case Observation.Refused<?> _ -> NO;
      case Observation.Silent<?> _ -> NO;
      case Observation.CannotTell<?> _ -> UNKNOWN;
    };
  }
}
