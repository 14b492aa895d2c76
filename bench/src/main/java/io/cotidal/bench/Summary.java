package io.cotidal.bench;

import java.util.List;

/**
 * What many measurements of one thing come to, by nearest rank. Pure.
 *
 * @param n how many
 * @param p50 half are at most this
 * @param p95 of a hundred, 95 are at most this
 * @param max none is more
 */
public record Summary(int n, long p50, long p95, long max) {
  /** Of at least one value. */
  public static Summary of(List<Long> values) {
    List<Long> sorted = values.stream().sorted().toList();
    return new Summary(sorted.size(), rank(sorted, 50), rank(sorted, 95), sorted.getLast());
  }

  private static long rank(List<Long> sorted, int percent) {
    int rank = (int) Math.ceil(sorted.size() * percent / 100.0);
    return sorted.get(Math.max(rank, 1) - 1);
  }
}
