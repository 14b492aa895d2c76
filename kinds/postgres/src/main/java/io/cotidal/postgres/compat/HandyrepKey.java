package io.cotidal.postgres.compat;

/**
 * One key of the original's configuration, and what becomes of it.
 *
 * @param section as its file names it; {@code servers} stands for the section of each server
 * @param name within it
 * @param standard what its validator puts in for a key that is not there; empty if nothing
 * @param fate what becomes of a value that is written
 */
record HandyrepKey(String section, String name, String standard, Fate fate) {

  /** What becomes of a value. */
  sealed interface Fate {
    /**
     * It holds here too.
     *
     * @param key ours
     */
    record Carried(String key) implements Fate {}

    /** It is not carried over, and the report says so. */
    record Named(String reason, String remedy) implements Fate {}
  }

  static HandyrepKey carried(String section, String name, String standard, String ours) {
    return new HandyrepKey(section, name, standard, new Fate.Carried(ours));
  }

  static HandyrepKey named(String section, String name, String standard, Fate.Named fate) {
    return new HandyrepKey(section, name, standard, fate);
  }
}
