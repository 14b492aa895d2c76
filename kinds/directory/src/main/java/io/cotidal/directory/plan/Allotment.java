package io.cotidal.directory.plan;

import io.cotidal.directory.graph.Edge;
import io.cotidal.directory.graph.Proof;
import io.cotidal.directory.observe.DirectoryFacts;
import io.cotidal.directory.observe.Replica;
import io.cotidal.directory.spec.Server;
import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a build is about to do, decided once and journalled: who gets which id, who fills whom, and
 * which edges are made. What is read back from the journal is the same again.
 *
 * @param seed whose data it is, if it is to be prepared first
 * @param generation the data set; empty if the seed is to give it
 * @param ids of everybody who is prepared
 * @param fills edges over which a newcomer is filled, a supplier's own filling before it
 * @param links edges to be made once both ends hold the data
 */
record Allotment(
    @Nullable MemberId seed,
    String generation,
    SortedMap<MemberId, Integer> ids,
    List<Edge> fills,
    List<Edge> links) {
  /** So many consumers a supplier fills side by side; then those that are filled help. */
  private static final int WIDTH = 8;

  /** More edges than that are made by the next build: a journal of thousands helps nobody. */
  private static final int MOST_EDGES = 250;

  private static final String SEED = "seed";
  private static final String FILLS = "fills";
  private static final String LINKS = "links";
  private static final String PROOF = "proof";

  /** For the newcomers among {@code members} that can still be taken in. */
  static Allotment of(Picture picture, Collection<MemberId> members) {
    MemberId seed = picture.answering(Picture.Standing.SEED).stream().findFirst().orElse(null);
    List<MemberId> newcomers =
        picture.answering(Picture.Standing.EMPTY).stream().filter(members::contains).toList();
    if (seed == null && picture.suppliers().isEmpty()) {
      newcomers = List.of();
    }
    SortedSet<Edge> edges = edges(picture, newcomers);
    while (edges.size() > MOST_EDGES && newcomers.size() > 1) {
      newcomers = newcomers.subList(0, newcomers.size() / 2);
      edges = edges(picture, newcomers);
    }
    SortedMap<MemberId, Integer> ids = ids(picture, seed, newcomers);
    List<Edge> fills = fills(picture, seed, newcomers, edges);
    List<Edge> links = edges.stream().filter(edge -> !fills.contains(edge)).toList();
    return new Allotment(seed, picture.seeds.generation(), ids, List.copyOf(fills), links);
  }

  /** The edges that touch a newcomer, are not there, and lead between members that answer. */
  private static SortedSet<Edge> edges(Picture picture, List<MemberId> newcomers) {
    SortedSet<MemberId> all = picture.belonging();
    all.addAll(newcomers);
    SortedSet<Edge> edges = new TreeSet<>();
    for (Edge edge : picture.wanted(all)) {
      boolean touches = newcomers.contains(edge.from()) || newcomers.contains(edge.to());
      boolean up = picture.answers(edge.from()) && picture.answers(edge.to());
      if (touches && up && !picture.paths.present().containsKey(edge)) {
        edges.add(edge);
      }
    }
    return edges;
  }

  private static SortedMap<MemberId, Integer> ids(
      Picture picture, @Nullable MemberId seed, List<MemberId> newcomers) {
    List<DirectoryFacts> known = new ArrayList<>();
    for (MemberId member : picture.spec.members()) {
      DirectoryFacts facts = picture.known(member);
      if (facts != null) {
        known.add(facts);
      }
    }
    Ids free = new Ids(picture.ledger, known, picture.state.now());
    SortedMap<MemberId, Integer> ids = new TreeMap<>();
    List<MemberId> all = new ArrayList<>(newcomers);
    if (seed != null) {
      all.addFirst(seed);
    }
    for (MemberId member : all) {
      DirectoryFacts facts = picture.known(member);
      Replica replica = facts == null ? null : facts.replica();
      Integer given = picture.ledger.id(member);
      ids.put(member, replica != null ? replica.id() : given != null ? given : free.next());
    }
    return ids;
  }

  /** Wide, not deep: a filling takes seconds however little there is to fill. */
  private static List<Edge> fills(
      Picture picture, @Nullable MemberId seed, List<MemberId> newcomers, SortedSet<Edge> edges) {
    List<MemberId> suppliers = new ArrayList<>(seed == null ? picture.suppliers() : List.of(seed));
    List<MemberId> pending = new ArrayList<>(newcomers);
    List<Edge> fills = new ArrayList<>();
    while (!pending.isEmpty() && !suppliers.isEmpty()) {
      Map<MemberId, Integer> load = new HashMap<>();
      List<MemberId> filled = new ArrayList<>();
      for (MemberId consumer : pending) {
        Optional<MemberId> supplier =
            suppliers.stream()
                .filter(one -> load.getOrDefault(one, 0) < WIDTH)
                .min(
                    Comparator.comparing((MemberId one) -> !edges.contains(new Edge(one, consumer)))
                        .thenComparing(one -> load.getOrDefault(one, 0)));
        if (supplier.isPresent()) {
          load.merge(supplier.get(), 1, Integer::sum);
          fills.add(new Edge(supplier.get(), consumer));
          filled.add(consumer);
        }
      }
      pending.removeAll(filled);
      suppliers.addAll(filled);
    }
    return fills;
  }

  /** Members that hold the data and that the ledger does not know, or knows elsewhere. */
  static List<MemberId> unknown(Picture picture) {
    return picture.answering(Picture.Standing.IN).stream()
        .filter(member -> {
          DirectoryFacts facts = picture.facts(member);
          Replica replica = facts == null ? null : facts.replica();
          Server server = picture.server(member);
          return replica != null && (server == null || !noted(picture, server, replica.id()));
        })
        .toList();
  }

  private static boolean noted(Picture picture, Server server, int id) {
    Details ledger = picture.ledger.entries();
    return Ledger.note(server, id).entries().entrySet().stream()
        .allMatch(one -> ledger.get(one.getKey(), "").equals(one.getValue()));
  }

  /** Whether there is nothing to do. */
  boolean isEmpty() {
    return ids.isEmpty();
  }

  /** What the ledger is to hold before any server hears of it. */
  Details ledger(Picture picture) {
    Details entries = Details.NONE;
    for (Map.Entry<MemberId, Integer> one : ids.entrySet()) {
      Server server = picture.spec.server(one.getKey()).orElseThrow();
      entries = entries.with(Ledger.note(server, one.getValue()));
    }
    for (MemberId member : unknown(picture)) {
      DirectoryFacts facts = picture.facts(member);
      Replica replica = facts == null ? null : facts.replica();
      Server server = picture.spec.server(member).orElseThrow();
      if (replica != null) {
        entries = entries.with(Ledger.note(server, replica.id()));
      }
    }
    for (Edge edge : fills) {
      entries = entries.with(Ledger.willFill(edge.to()));
    }
    return generation.isEmpty() ? entries : entries.with(Ledger.GENERATION, generation);
  }

  /** For the journal. */
  Details evidence(Picture picture) {
    Details evidence =
        Details.of(Ledger.GENERATION, generation)
            .with(FILLS, Moves.edges(fills))
            .with(LINKS, Moves.edges(links))
            .with(SEED, seed == null ? "" : seed);
    for (Map.Entry<MemberId, Integer> one : ids.entrySet()) {
      evidence = evidence.with(Ledger.ID + one.getKey(), one.getValue());
    }
    SortedSet<MemberId> all = picture.belonging();
    all.addAll(ids.keySet());
    List<Edge> edges = new ArrayList<>(picture.paths.present().keySet());
    edges.addAll(fills);
    edges.addAll(links);
    return evidence.with(PROOF, Proof.of(all, edges).sentence());
  }

  /** As the journal holds it. */
  static Allotment read(Details evidence) {
    String seed = evidence.get(SEED, "");
    SortedMap<MemberId, Integer> ids = new TreeMap<>();
    new Ledger(evidence).owners().forEach((id, member) -> ids.put(member, id));
    return new Allotment(
        seed.isEmpty() ? null : new MemberId(seed),
        evidence.get(Ledger.GENERATION, ""),
        ids,
        Moves.edges(evidence.get(FILLS, "")),
        Moves.edges(evidence.get(LINKS, "")));
  }

  /** The sentence of the decision. */
  String sentence() {
    List<String> parts = new ArrayList<>();
    ids.forEach((member, id) -> parts.add(member + " is replica " + id));
    String who = parts.isEmpty() ? "take down who replicates" : String.join(", ", parts);
    return seed == null ? who : who + "; the data is that of " + seed;
  }
}
