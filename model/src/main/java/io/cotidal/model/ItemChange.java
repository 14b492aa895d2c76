package io.cotidal.model;

/** What becomes of an item when a step is done; committed together with the step's completion. */
public sealed interface ItemChange {
  /** The item's sort. */
  String sort();

  /** The item's name. */
  String name();

  /**
   * The item is there, in this state.
   *
   * @param owner as in {@link Item}
   * @param changes laid over the facts that it had; a value {@code @name} stands for the entry
   *     {@code name} of the step's evidence, an empty value takes the entry out
   * @param expiresMicros as in {@link Item}, or {@link #SAME_EXPIRY}
   */
  record Put(
      String sort, String name, String owner, String state, Details changes, long expiresMicros)
      implements ItemChange {
    /** The item expires when it did before. */
    public static final long SAME_EXPIRY = -1;
  }

  /** The item is no longer there. */
  record Drop(String sort, String name) implements ItemChange {}
}
