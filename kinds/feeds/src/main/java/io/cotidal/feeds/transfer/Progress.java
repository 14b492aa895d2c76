package io.cotidal.feeds.transfer;

/** Told how a file comes, by the thread that fetches it. */
@FunctionalInterface
public interface Progress {
  /** Tells nobody. */
  Progress NONE = bytes -> {};

  /**
   * So many bytes of the file lie here, those of an earlier try included; told about twice a
   * second.
   */
  void at(long bytes);

  /** All of it came. Not told if the file was there already. */
  default void done(Traffic traffic) {}
}
