package io.cotidal.directory.plan;

import io.cotidal.directory.observe.Agreement;
import io.cotidal.directory.observe.Csn;
import io.cotidal.directory.spec.Server;
import io.cotidal.model.MemberId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A directory server on paper. */
final class PaperServer {
  static final String SUFFIX = "suffix";

  /** An agreement on it. */
  static final class Order {
    final String name;
    final PaperServer to;
    boolean owned;
    boolean enabled = true;
    boolean paused;
    String bindDn = Paper.ACCOUNT;
    String password = "";
    Agreement.Status status = Agreement.Status.NONE_YET;

    Order(String name, PaperServer to, boolean owned) {
      this.name = name;
      this.to = to;
      this.owned = owned;
    }
  }

  final Server where;
  boolean up = true;
  boolean filling;

  /** Who fills it; null if nobody does, or nobody any more. */
  @Nullable PaperServer filler;

  /** Whether the filling before was broken off: it may hold half of the entries. */
  boolean half;

  @Nullable Integer id;
  String generation = "";
  String account = "";
  String machine;
  long epoch;
  final SortedSet<String> entries = new TreeSet<>();
  final SortedMap<Integer, @Nullable Csn> vector = new TreeMap<>();
  final List<Order> orders = new ArrayList<>();

  /** Where its changelog begins: what it had when it was filled, it cannot hand on. */
  final SortedMap<Integer, Csn> begins = new TreeMap<>();

  /** Replicas that its vector does not show, though it has changes of them. */
  final SortedSet<Integer> quiet = new TreeSet<>();

  /** Changes up to these are in nobody's log any more, as far as this supplier goes. */
  @Nullable PaperServer purgedFor;

  PaperServer(Server where) {
    this.where = where;
    this.machine = "generator of " + where.id();
    entries.add(SUFFIX);
  }

  MemberId name() {
    return where.id();
  }

  @Nullable Order order(PaperServer to) {
    return orders.stream().filter(order -> order.to == to).findFirst().orElse(null);
  }

  /** Whether its changelog reaches back to where {@code to} stands. */
  boolean reaches(PaperServer to) {
    for (Map.Entry<Integer, Csn> begin : begins.entrySet()) {
      Csn there = to.vector.get(begin.getKey());
      if (there == null || there.compareTo(begin.getValue()) < 0) {
        return false;
      }
    }
    return true;
  }

  /** Whether it has every change that {@code other} has. */
  boolean covers(PaperServer other) {
    for (Map.Entry<Integer, @Nullable Csn> one : other.vector.entrySet()) {
      Csn theirs = one.getValue();
      Csn ours = vector.get(one.getKey());
      if (theirs != null && (ours == null || ours.compareTo(theirs) < 0)) {
        return false;
      }
    }
    return true;
  }

  void empty() {
    entries.clear();
    vector.clear();
    begins.clear();
    generation = "";
  }

  @Override
  public String toString() {
    return where.id().name();
  }
}
