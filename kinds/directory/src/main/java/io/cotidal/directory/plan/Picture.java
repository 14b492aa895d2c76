package io.cotidal.directory.plan;

import io.cotidal.directory.graph.Edge;
import io.cotidal.directory.graph.Graph;
import io.cotidal.directory.graph.Graphs;
import io.cotidal.directory.graph.Node;
import io.cotidal.directory.graph.Proof;
import io.cotidal.directory.observe.Agreement;
import io.cotidal.directory.observe.DirectoryFacts;
import io.cotidal.directory.spec.DirectorySpec;
import io.cotidal.directory.spec.Server;
import io.cotidal.engine.MemberState;
import io.cotidal.engine.State;
import io.cotidal.model.MemberId;
import io.cotidal.model.Observation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a directory looks like at one moment, and which edges it should have. Pure. */
final class Picture {
  /** What a member is to the directory's data. */
  enum Standing {
    /** It never answered. */
    UNSEEN,
    /** It does not hold the suffix. */
    NO_SUFFIX,
    /** It holds the data set. */
    IN,
    /** It alone holds what is to be the data set. */
    SEED,
    /** It holds nothing, or what a filling left that was broken off: it may be filled. */
    EMPTY,
    /** It is being filled. */
    FILLING,
    /** It has entries that do not belong to the data set. */
    STRANGER,
    /** It holds the data set under a replica id that was given back. */
    GHOST,
    /** It cannot be admitted: clone of another, or with another's replica id. */
    REFUSED,
    /** It is not known yet which data is right. */
    UNDECIDED
  }

  final DirectorySpec spec;
  final State<DirectoryFacts> state;
  final Ledger ledger;
  final Seeds seeds;
  final Clashes clashes;
  final Paths paths;
  private final Graphs graphs;
  private final Map<MemberId, Server> servers = new HashMap<>();
  private final SortedMap<MemberId, Standing> standings = new TreeMap<>();
  private @Nullable SortedSet<Edge> wanted;
  private @Nullable SortedSet<Edge> rescue;
  private @Nullable Proof proof;

  Picture(DirectorySpec spec, State<DirectoryFacts> state, Graphs graphs) {
    this.spec = spec;
    this.state = state;
    this.graphs = graphs;
    spec.servers().forEach(server -> servers.put(server.id(), server));
    this.ledger = new Ledger(state.ledger());
    this.seeds = seeds();
    this.clashes = Clashes.of(spec.members(), this::known, ledger);
    spec.members().forEach(member -> standings.put(member, stand(member)));
    this.paths = Paths.of(this);
  }

  private Seeds seeds() {
    List<Seeds.Holding> holdings = new ArrayList<>();
    List<MemberId> mute = new ArrayList<>();
    for (MemberId member : spec.members()) {
      DirectoryFacts known = known(member);
      if (known != null && known.suffix()) {
        holdings.add(Seeds.Holding.of(member, known));
      }
      DirectoryFacts facts = facts(member);
      if (facts == null || facts.initialising()) {
        mute.add(member);
      }
    }
    return Seeds.of(ledger.generation(), holdings, mute);
  }

  private Standing stand(MemberId member) {
    DirectoryFacts facts = known(member);
    if (facts == null) {
      return Standing.UNSEEN;
    }
    if (!facts.suffix()) {
      return Standing.NO_SUFFIX;
    }
    if (!seeds.decided()) {
      return Standing.UNDECIDED;
    }
    boolean holds =
        facts.vector().initialised() && facts.vector().generation().equals(seeds.generation());
    if (holds && clashes.returned(member)) {
      return Standing.GHOST;
    }
    if (facts.initialising()) {
      return brokenOff(member) ? Standing.EMPTY : Standing.FILLING;
    }
    if (holds && ledger.filling(member)) {
      return Standing.EMPTY;
    }
    if (holds && ledger.id(member) != null) {
      return Standing.IN;
    }
    if (clashes.concern(member)) {
      return Standing.REFUSED;
    }
    if (member.equals(seeds.seed())) {
      return Standing.SEED;
    }
    if (holds) {
      return Standing.IN;
    }
    return Seeds.Holding.of(member, facts).full() ? Standing.STRANGER : Standing.EMPTY;
  }

  /**
   * Whether the filling of {@code member} goes on no more. It emptied the member when it began, and
   * left it so that it answers nobody. Only a member that we took in ourselves is judged, and only
   * when each of the others was seen not to fill it, or not to run.
   */
  private boolean brokenOff(MemberId member) {
    DirectoryFacts own = facts(member);
    if (own == null || ledger.id(member) == null || fills(own.agreements(), member, true)) {
      return false;
    }
    for (MemberState<DirectoryFacts> other : state.members().values()) {
      DirectoryFacts facts = other.facts();
      boolean seen =
          facts == null
              ? other.latest() instanceof Observation.Refused
              : !fills(facts.agreements(), member, false);
      if (!other.id().equals(member) && !seen) {
        return false;
      }
    }
    return true;
  }

  private static boolean fills(List<Agreement> agreements, MemberId member, boolean own) {
    return agreements.stream()
        .anyMatch(agreement ->
            agreement.initialising()
                && (own
                    ? agreement.end() == Agreement.End.CONSUMER
                    : member.equals(agreement.to())));
  }

  /** What the latest look told; null if it did not. */
  @Nullable DirectoryFacts facts(MemberId member) {
    MemberState<DirectoryFacts> found = state.member(member);
    return found == null ? null : found.facts();
  }

  /** What a look told last, however long ago; null if none ever did. */
  @Nullable DirectoryFacts known(MemberId member) {
    MemberState<DirectoryFacts> found = state.member(member);
    return found == null ? null : found.known();
  }

  boolean answers(MemberId member) {
    return facts(member) != null;
  }

  /** Where a member is; null if the spec does not name it. */
  @Nullable Server server(MemberId member) {
    return servers.get(member);
  }

  Standing standing(MemberId member) {
    return standings.getOrDefault(member, Standing.UNSEEN);
  }

  /** Members of that standing, in the spec's order. */
  List<MemberId> who(Standing standing) {
    return spec.members().stream().filter(member -> standing(member) == standing).toList();
  }

  /** Members of that standing that answer now. */
  List<MemberId> answering(Standing standing) {
    return who(standing).stream().filter(this::answers).toList();
  }

  /** Whether {@code member} belongs to the topology: it holds the data, or did when last heard. */
  boolean belongs(MemberId member) {
    return switch (standing(member)) {
      case IN -> true;
      // Who left is let go of in another way.
      case UNSEEN ->
          standings.containsKey(member)
              && ledger.id(member) != null
              && !ledger.generation().isEmpty();
      case SEED -> true;
      case NO_SUFFIX, EMPTY, FILLING, STRANGER, GHOST, REFUSED, UNDECIDED -> false;
    };
  }

  /** Everybody who belongs. */
  SortedSet<MemberId> belonging() {
    return spec.members().stream()
        .filter(this::belongs)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The edges that there should be between those who belong. */
  SortedSet<Edge> wanted() {
    if (wanted == null) {
      wanted = wanted(belonging());
    }
    return wanted;
  }

  /** The edges that there should be between {@code members}, given those that there are. */
  SortedSet<Edge> wanted(Collection<MemberId> members) {
    SortedSet<Node> nodes = new TreeSet<>();
    for (MemberId member : members) {
      Server server = server(member);
      nodes.add(server == null ? new Node(member, "", "") : server.node());
    }
    SortedSet<Edge> present = new TreeSet<>();
    for (Edge edge : paths.present().keySet()) {
      if (members.contains(edge.from()) && members.contains(edge.to())) {
        present.add(edge);
      }
    }
    Graph graph = graphs.need(spec.topology().graph());
    return graph.edges(nodes, present, spec.topology().parameters());
  }

  /** Edges beside those, to members that none of their suppliers can bring on. */
  SortedSet<Edge> rescue() {
    if (rescue == null) {
      rescue = Rescue.edges(this);
    }
    return rescue;
  }

  /** Members whom nobody can give what they lack. */
  SortedSet<MemberId> purged() {
    SortedSet<MemberId> purged = new TreeSet<>(paths.purged());
    purged.addAll(Rescue.lost(this));
    rescue().forEach(edge -> purged.remove(edge.to()));
    return purged;
  }

  /** What is proven about those who belong and the edges that there are. */
  Proof proof() {
    if (proof == null) {
      proof = Proof.of(belonging(), paths.present().keySet());
    }
    return proof;
  }

  /** The same if only edges counted that work, as far as is known. */
  Proof proofWithout(Collection<Edge> cut) {
    List<Edge> left = new ArrayList<>();
    paths
        .present()
        .forEach((edge, agreement) -> {
          if (Paths.works(agreement) && !cut.contains(edge)) {
            left.add(edge);
          }
        });
    return Proof.of(belonging(), left);
  }

  /** Members that left and whose grace is not over. */
  boolean inGrace() {
    return !state.departed().isEmpty() && gone().size() < state.departed().members().size();
  }

  /** Members that left, and whose grace is over. */
  List<MemberId> gone() {
    return state.departed().after(spec.guards().grace(), state.now());
  }

  /** Members that hold the data, answer, and can give it to others. */
  List<MemberId> suppliers() {
    SortedSet<MemberId> purged = purged();
    return answering(Standing.IN).stream().filter(member -> !purged.contains(member)).toList();
  }
}
