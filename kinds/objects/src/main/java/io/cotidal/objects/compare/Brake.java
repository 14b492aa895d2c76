package io.cotidal.objects.compare;

/**
 * Holds a pass that would delete too much: what looks like a flood of deletions may be a site that
 * has lost its data.
 *
 * @param deletes so many are always let through
 * @param share and so large a part of the container, from 0 to 1
 * @param approved and so many that somebody has agreed to
 */
public record Brake(long deletes, double share, long approved) {
  /**
   * Whether they may be done.
   *
   * @param deletions that the pass would make
   * @param objects of the container
   */
  public boolean open(long deletions, long objects) {
    return deletions <= deletes || deletions <= share * objects || deletions <= approved;
  }
}
