package io.cotidal.postgres.spec;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What becomes of the primary of a copy of a cluster, so that what follows can be measured. */
public enum Fault {
  /** Its processes are killed. */
  PROCESS_DEAD,
  /** Its processes are stopped where they stand: connections stay open, and nobody answers. */
  FROZEN,
  /** Nothing fails: another one is asked to become primary, in order. */
  SWITCHOVER;

  /** As it is written by people. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The fault of that word, if there is one. */
  public static Optional<Fault> of(String word) {
    return Arrays.stream(values()).filter(each -> each.word().equals(word)).findFirst();
  }

  /** Every word, with commas between. */
  public static String words() {
    return Arrays.stream(values()).map(Fault::word).collect(Collectors.joining(", "));
  }
}
