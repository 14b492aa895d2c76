package io.cotidal.directory.graph;

import io.cotidal.model.MemberId;
import java.util.Collection;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * What is proven about edges between members.
 *
 * @param members how many there are
 * @param gap a way that is not there: what is written at its start never reaches its end. Null if
 *     every member reaches every other
 * @param weak a member whose loss would part the others; null if there is none
 * @param diameter the most hops between two members; -1 with a gap
 * @param widest the most consumers of one supplier
 */
public record Proof(
    int members, @Nullable Edge gap, @Nullable MemberId weak, int diameter, int widest) {

  /** Proves it. Edges to or from somebody else are left out. */
  public static Proof of(SortedSet<MemberId> members, Collection<Edge> edges) {
    Net net = Net.of(members, edges);
    if (net.size() < 2) {
      return new Proof(net.size(), null, null, 0, 0);
    }
    Net.Unreached unreached = net.unreached(-1);
    if (!unreached.nobody()) {
      Edge gap = new Edge(net.name(unreached.from()), net.name(unreached.to()));
      return new Proof(net.size(), gap, null, -1, net.widest());
    }
    int weakest = net.weakest();
    MemberId weak = weakest < 0 ? null : net.name(weakest);
    return new Proof(net.size(), null, weak, net.diameter(), net.widest());
  }

  /** Whether every member reaches every other, and would if any single one were lost. */
  static boolean survives(SortedSet<MemberId> members, Collection<Edge> edges) {
    Net net = Net.of(members, edges);
    return net.size() < 2 || (net.unreached(-1).nobody() && net.weakest() < 0);
  }

  /** Whether every member reaches every other. */
  public boolean connected() {
    return gap == null;
  }

  /** Whether that stays so whichever single member is lost. */
  public boolean survivesAnyLoss() {
    return gap == null && weak == null;
  }

  /** For people and for the journal. */
  public String sentence() {
    if (gap != null) {
      return "not connected: no way " + gap;
    }
    return members
        + " members strongly connected, at most "
        + diameter
        + (diameter == 1 ? " hop, " : " hops, ")
        + (weak == null ? "any one may be lost" : "the loss of " + weak + " would part the others");
  }
}
