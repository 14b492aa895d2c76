package io.cotidal.bench.rivals;

/**
 * What one fault came to, as it is kept: a line of JSON.
 *
 * @param at when it began, by UTC
 * @param commit of Cotidal
 * @param command that measured it
 * @param seed of the order and of the moments
 * @param entry {@link Entry#word}
 * @param fault {@link Fault#word}
 * @param waits whether a commit waits for a replica
 * @param from who was primary
 * @param to who is at the end; empty if nobody is, or several are
 * @param gap milliseconds: the longest time in which no member acknowledged
 * @param lost acknowledged rows that the last primary does not have
 * @param dual rows that one acknowledged beside the primary
 * @param moved whether another one acknowledged anything
 * @param whole milliseconds until all members were in their places again; -1 if that never came
 * @param load averages when it began
 */
record Round(
    String at,
    String commit,
    String command,
    long seed,
    String entry,
    String fault,
    boolean waits,
    String from,
    String to,
    long gap,
    long lost,
    long dual,
    boolean moved,
    long whole,
    String load) {

  /** Nothing was lost, and never two acknowledged. */
  boolean safe() {
    return lost == 0 && dual == 0;
  }
}
