package io.cotidal.directory.graph;

import io.cotidal.model.MemberId;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** Nodes as numbers and edges as lists of numbers, in both directions: what walks are fast on. */
final class Net {
  private static final int NOBODY = -1;

  private final List<MemberId> names;
  private final int[][] out;
  private final int[][] in;

  private Net(List<MemberId> names, int[][] out, int[][] in) {
    this.names = names;
    this.out = out;
    this.in = in;
  }

  /** Edges to or from somebody else are left out. */
  static Net of(SortedSet<MemberId> nodes, Collection<Edge> edges) {
    List<MemberId> names = List.copyOf(nodes);
    java.util.Map<MemberId, Integer> numbers = new java.util.HashMap<>();
    for (int i = 0; i < names.size(); i++) {
      numbers.put(names.get(i), i);
    }
    int[] sent = new int[names.size()];
    int[] received = new int[names.size()];
    int[] from = new int[edges.size()];
    int[] to = new int[edges.size()];
    int count = 0;
    for (Edge edge : edges) {
      Integer a = numbers.get(edge.from());
      Integer b = numbers.get(edge.to());
      if (a != null && b != null) {
        from[count] = a;
        to[count] = b;
        sent[a]++;
        received[b]++;
        count++;
      }
    }
    int[][] out = rows(sent);
    int[][] in = rows(received);
    for (int i = count - 1; i >= 0; i--) {
      out[from[i]][--sent[from[i]]] = to[i];
      in[to[i]][--received[to[i]]] = from[i];
    }
    return new Net(names, out, in);
  }

  private static int[][] rows(int[] lengths) {
    int[][] rows = new int[lengths.length][];
    for (int i = 0; i < lengths.length; i++) {
      rows[i] = new int[lengths[i]];
    }
    return rows;
  }

  int size() {
    return names.size();
  }

  MemberId name(int node) {
    return names.get(node);
  }

  /** The most edges that leave one node. */
  int widest() {
    return Arrays.stream(out).mapToInt(row -> row.length).max().orElse(0);
  }

  /** Somebody whom {@code from} does not reach, or who does not reach it; -1 if there is nobody. */
  Unreached unreached(int without) {
    int start = without == 0 ? 1 : 0;
    Walk walk = new Walk(size());
    int missing = walk.missing(out, start, without);
    if (missing != NOBODY) {
      return new Unreached(start, missing);
    }
    missing = walk.missing(in, start, without);
    return missing == NOBODY ? Unreached.NONE : new Unreached(missing, start);
  }

  /**
   * The first node without which some of the others no longer reach all others; -1 if none. Every
   * node must reach every other: then whoever cannot be gone around, on ways from any one node or
   * to it, is such a node, and beside that one node nobody else is.
   */
  int weakest() {
    if (size() < 3) {
      return NOBODY;
    }
    Walk walk = new Walk(size());
    if (walk.missing(out, 1, 0) != NOBODY || walk.missing(in, 1, 0) != NOBODY) {
      return 0;
    }
    boolean[] weak = new boolean[size()];
    new Dominators(out, in, 0).mark(weak);
    new Dominators(in, out, 0).mark(weak);
    for (int node = 1; node < size(); node++) {
      if (weak[node]) {
        return node;
      }
    }
    return NOBODY;
  }

  /** The longest of all shortest ways; -1 if somebody is not reached. */
  int diameter() {
    Walk walk = new Walk(size());
    int longest = 0;
    for (int start = 0; start < size(); start++) {
      if (walk.missing(out, start, NOBODY) != NOBODY) {
        return -1;
      }
      longest = Math.max(longest, walk.depth);
    }
    return longest;
  }

  /** All edges again. */
  SortedSet<Edge> edges() {
    SortedSet<Edge> edges = new TreeSet<>();
    for (int from = 0; from < size(); from++) {
      for (int to : out[from]) {
        edges.add(new Edge(name(from), name(to)));
      }
    }
    return edges;
  }

  /** A way that is not there. */
  record Unreached(int from, int to) {
    static final Unreached NONE = new Unreached(NOBODY, NOBODY);

    boolean nobody() {
      return from == NOBODY;
    }
  }

  /** Breadth first; its arrays are used again for the next walk. */
  private static final class Walk {
    private final int[] queue;
    private final int[] seen;
    private final int[] level;
    private int round;
    private int depth;

    Walk(int size) {
      queue = new int[size];
      seen = new int[size];
      level = new int[size];
    }

    /** The first node but {@code without} that is not reached from {@code start}; -1 if none. */
    int missing(int[][] rows, int start, int without) {
      int size = seen.length;
      int wanted = without == NOBODY ? size : size - 1;
      if (wanted <= 1) {
        depth = 0;
        return NOBODY;
      }
      round++;
      int head = 0;
      int tail = 0;
      queue[tail++] = start;
      seen[start] = round;
      level[start] = 0;
      while (head < tail && tail < wanted) {
        int at = queue[head++];
        for (int next : rows[at]) {
          if (seen[next] != round && next != without) {
            seen[next] = round;
            level[next] = level[at] + 1;
            queue[tail++] = next;
          }
        }
      }
      depth = level[queue[tail - 1]];
      return tail == wanted ? NOBODY : firstUnseen(without);
    }

    private int firstUnseen(int without) {
      for (int node = 0; node < seen.length; node++) {
        if (seen[node] != round && node != without) {
          return node;
        }
      }
      return NOBODY;
    }
  }
}
