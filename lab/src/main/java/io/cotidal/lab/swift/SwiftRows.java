package io.cotidal.lab.swift;

import java.time.Instant;

/**
 * Rows for the list of a container, without objects behind them, so that there are many of them
 * soon: a listing shows them, a {@code GET} finds none. The same rows are the same at every site:
 * row {@code n} is called by the prefix and nine digits, was written {@code n} milliseconds after
 * the start, has {@code n % 4096} bytes, and as its hash the MD5 of its name.
 *
 * @param account with {@code AUTH_}
 * @param container exists
 * @param prefix of the names
 * @param first number
 * @param count how many
 * @param start when row 0 was written
 */
public record SwiftRows(
    String account, String container, String prefix, int first, int count, Instant start) {
  /** From row 0 on. */
  public static SwiftRows of(String account, String container, int count, Instant start) {
    return new SwiftRows(account, container, "row-", 0, count, start);
  }
}
