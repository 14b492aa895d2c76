package io.cotidal.directory.graph;

import java.util.Arrays;

/**
 * Who cannot be gone around: of all ways that begin at one node, the nodes that lie on every way to
 * some other. They are found in a few passes over the edges (Cooper, Harvey and Kennedy), and not
 * by a walk without each node.
 */
final class Dominators {
  private static final int UNKNOWN = -1;

  private final int[][] rows;
  private final int[][] back;
  private final int start;
  private final int[] order;
  private final int[] place;
  private final int[] nearest;

  /**
   * Of a graph in which every node is reached from {@code start}.
   *
   * @param rows for each node those to which its edges lead
   * @param back for each node those from which edges lead to it
   */
  Dominators(int[][] rows, int[][] back, int start) {
    this.rows = rows;
    this.back = back;
    this.start = start;
    this.order = new int[rows.length];
    this.place = new int[rows.length];
    this.nearest = new int[rows.length];
  }

  /** Marks those nodes; the start is none of them. */
  void mark(boolean[] marked) {
    sort();
    Arrays.fill(nearest, UNKNOWN);
    nearest[start] = start;
    while (pass()) {
      // Until nothing changes any more.
    }
    for (int node = 0; node < rows.length; node++) {
      if (node != start && nearest[node] != start) {
        marked[nearest[node]] = true;
      }
    }
  }

  /** Depth first; whoever is left last comes first. */
  private void sort() {
    int[] stack = new int[rows.length];
    int[] next = new int[rows.length];
    boolean[] seen = new boolean[rows.length];
    int left = rows.length;
    int top = 0;
    stack[top] = start;
    seen[start] = true;
    while (top >= 0) {
      int at = stack[top];
      if (next[at] < rows[at].length) {
        int to = rows[at][next[at]++];
        if (!seen[to]) {
          seen[to] = true;
          stack[++top] = to;
        }
      } else {
        top--;
        order[--left] = at;
        place[at] = left;
      }
    }
  }

  private boolean pass() {
    boolean changed = false;
    for (int i = 1; i < order.length; i++) {
      int node = order[i];
      int found = UNKNOWN;
      for (int from : back[node]) {
        if (nearest[from] != UNKNOWN) {
          found = found == UNKNOWN ? from : common(found, from);
        }
      }
      changed |= nearest[node] != found;
      nearest[node] = found;
    }
    return changed;
  }

  private int common(int one, int other) {
    int a = one;
    int b = other;
    while (a != b) {
      while (place[a] > place[b]) {
        a = nearest[a];
      }
      while (place[b] > place[a]) {
        b = nearest[b];
      }
    }
    return a;
  }
}
