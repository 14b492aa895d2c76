package io.cotidal.directory.plan;

import io.cotidal.directory.graph.Edge;
import io.cotidal.directory.observe.Agreement;
import io.cotidal.directory.observe.Agreement.Status;
import io.cotidal.directory.observe.Csn;
import io.cotidal.directory.observe.DirectoryFacts;
import io.cotidal.directory.observe.Vector;
import io.cotidal.directory.spec.DirectorySpec;
import io.cotidal.directory.spec.Server;
import io.cotidal.model.MemberId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The agreements between members, as each told them last.
 *
 * @param present by edge, those to members that left included; ours before somebody else's
 * @param drifted ours that are not as they should be
 * @param purged members that lack changes which no supplier has any more
 * @param told those whose supplier answers now, by status, in their order
 */
record Paths(
    SortedMap<Edge, Agreement> present,
    SortedSet<Edge> drifted,
    SortedSet<MemberId> purged,
    Map<Status, List<Edge>> told) {

  static Paths of(Picture picture) {
    SortedMap<Edge, Agreement> present = new TreeMap<>();
    SortedSet<Edge> drifted = new TreeSet<>();
    for (MemberId member : picture.spec.members()) {
      DirectoryFacts facts = picture.known(member);
      if (facts == null) {
        continue;
      }
      for (Agreement agreement : facts.agreements()) {
        Optional<MemberId> to = to(picture, agreement);
        if (to.isPresent() && !to.get().equals(member)) {
          Edge edge = agreement.edge(member, to.get());
          Agreement other = present.get(edge);
          if (other == null || (agreement.owned() && !other.owned())) {
            present.put(edge, agreement);
          }
        }
      }
    }
    present.forEach((edge, agreement) -> {
      if (agreement.owned() && drifts(picture, edge, agreement)) {
        drifted.add(edge);
      }
    });
    Map<Status, List<Edge>> told = told(picture, present);
    return new Paths(
        Collections.unmodifiableSortedMap(present),
        drifted,
        purged(picture, told),
        Collections.unmodifiableMap(told));
  }

  /** A member, or one that left and lay there when it was prepared. */
  private static Optional<MemberId> to(Picture picture, Agreement agreement) {
    MemberId to = agreement.to();
    if (to != null) {
      return Optional.of(to);
    }
    return picture.state.departed().members().keySet().stream()
        .filter(gone ->
            picture
                .ledger
                .server(gone)
                .filter(server -> leads(picture.spec, agreement, server))
                .isPresent())
        .findFirst();
  }

  private static boolean leads(DirectorySpec spec, Agreement agreement, Server server) {
    return agreement.host().equalsIgnoreCase(server.host())
        && agreement.port() == port(spec, server);
  }

  /** The port at which suppliers reach {@code server}. */
  static int port(DirectorySpec spec, Server server) {
    int port = spec.replication().port();
    return port != 0 ? port : server.port(spec.replication().security());
  }

  private static boolean drifts(Picture picture, Edge edge, Agreement agreement) {
    DirectorySpec spec = picture.spec;
    Server to = picture.server(agreement.other(edge));
    return to != null
        && (!leads(spec, agreement, to)
            || !agreement.enabled()
            || agreement.security() != spec.replication().security()
            || !sameDn(agreement.bindDn(), spec.replication().bindDn()));
  }

  /** Whether two texts name one account: case and spaces after commas say nothing. */
  private static boolean sameDn(String one, String other) {
    return one.equals(other) || plain(one).equals(plain(other));
  }

  private static String plain(String dn) {
    return dn.toLowerCase(Locale.ROOT).replaceAll("\\s*([,=])\\s*", "$1").strip();
  }

  private static Map<Status, List<Edge>> told(Picture picture, SortedMap<Edge, Agreement> present) {
    Map<Status, List<Edge>> told = new EnumMap<>(Status.class);
    present.forEach((edge, agreement) -> {
      if (picture.answers(edge.from())) {
        told.computeIfAbsent(agreement.status(), _ -> new ArrayList<>()).add(edge);
      }
    });
    return told;
  }

  /** Members to whom a supplier lacks what they lack, and nobody else sends it. */
  private static SortedSet<MemberId> purged(Picture picture, Map<Status, List<Edge>> told) {
    SortedSet<MemberId> purged = new TreeSet<>();
    for (Edge edge : told.getOrDefault(Status.PURGED, List.of())) {
      if (picture.server(edge.to()) != null) {
        purged.add(edge.to());
      }
    }
    for (Status sends : List.of(Status.SUCCEEDED, Status.SENDING)) {
      told.getOrDefault(sends, List.of()).forEach(edge -> purged.remove(edge.to()));
    }
    return purged;
  }

  /** Whether changes get through, or would if both ends were up, as far as is known. */
  static boolean works(Agreement agreement) {
    return agreement.enabled()
        && switch (agreement.status()) {
          case SUCCEEDED, SENDING, NONE_YET, BUSY, UNREACHABLE -> true;
          case CREDENTIALS, TLS, SAME_ID, OTHER_DATA, STALLED, PURGED, FAILED -> false;
        };
  }

  /** Edges whose agreement has that status and whose supplier answers. */
  List<Edge> with(Status status) {
    return told.getOrDefault(status, List.of());
  }

  /**
   * By how many seconds {@code to} is behind {@code from}: of the changes of one replica, the
   * newest that each has, by the servers' own clocks. After an idle time that is more than anybody
   * waits. Null if they hold different data, or nobody can tell.
   */
  static @Nullable Long lag(@Nullable DirectoryFacts from, @Nullable DirectoryFacts to) {
    if (from == null || to == null || !sameData(from.vector(), to.vector())) {
      return null;
    }
    if (from.vector().print() == to.vector().print()) {
      return 0L;
    }
    long lag = 0;
    for (int replica : from.vector().elements().keySet()) {
      Csn theirs = from.vector().latest(replica);
      Csn ours = to.vector().latest(replica);
      if (theirs != null && ours != null) {
        lag = Math.max(lag, theirs.seconds() - ours.seconds());
      }
    }
    return lag;
  }

  /**
   * Whether {@code to} lacks a change that {@code from} has and that was made before {@code
   * seconds} since 1970.
   */
  static boolean lacks(@Nullable DirectoryFacts from, @Nullable DirectoryFacts to, long seconds) {
    return lacks(from, to, seconds, false);
  }

  /** The same, or it may: its vector shows no change of that replica. */
  static boolean mayLack(@Nullable DirectoryFacts from, @Nullable DirectoryFacts to, long seconds) {
    return lacks(from, to, seconds, true);
  }

  private static boolean lacks(
      @Nullable DirectoryFacts from, @Nullable DirectoryFacts to, long seconds, boolean may) {
    if (from == null || to == null || !sameData(from.vector(), to.vector())) {
      return false;
    }
    if (from.vector().print() == to.vector().print()) {
      return false;
    }
    for (int replica : from.vector().elements().keySet()) {
      Csn theirs = from.vector().latest(replica);
      Csn ours = to.vector().latest(replica);
      if (theirs != null
          && (ours == null ? may : ours.compareTo(theirs) < 0)
          && theirs.seconds() < seconds) {
        return true;
      }
    }
    return false;
  }

  private static boolean sameData(Vector one, Vector other) {
    return one.initialised() && one.generation().equals(other.generation());
  }
}
