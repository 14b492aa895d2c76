package io.cotidal.bench;

import io.cotidal.directory.graph.Edge;
import io.cotidal.directory.graph.Graph;
import io.cotidal.directory.graph.Graphs;
import io.cotidal.directory.graph.Node;
import io.cotidal.directory.graph.Proof;
import io.cotidal.directory.observe.Agreement;
import io.cotidal.directory.observe.Credentials;
import io.cotidal.directory.observe.Csn;
import io.cotidal.directory.observe.DirectoryFacts;
import io.cotidal.directory.observe.Replica;
import io.cotidal.directory.observe.Vector;
import io.cotidal.directory.plan.DirectoryKind;
import io.cotidal.directory.spec.Access;
import io.cotidal.directory.spec.DirectorySpec;
import io.cotidal.directory.spec.Guards;
import io.cotidal.directory.spec.Replication;
import io.cotidal.directory.spec.Security;
import io.cotidal.directory.spec.Server;
import io.cotidal.directory.spec.Topology;
import io.cotidal.engine.MemberState;
import io.cotidal.engine.State;
import io.cotidal.model.Details;
import io.cotidal.model.Diagnosis;
import io.cotidal.model.Host;
import io.cotidal.model.MemberId;
import io.cotidal.model.Mode;
import io.cotidal.model.Moment;
import io.cotidal.model.Observation;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Secret;
import io.cotidal.model.Stamp;
import io.cotidal.model.Wanted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * A directory on paper, in which every server answers and has every other's changes, and what it
 * takes to plan it. Pure.
 */
final class DirectoryPlanning {
  private static final String GRAPH = "regular";

  /** How many servers the bar is about. */
  static final int MANY = 1_000;

  /** How many neighbours each has. */
  static final int DEGREE = 4;

  private static final Details PARAMETERS = Details.of("degree", DEGREE);
  private static final String GENERATION = "68a1b2c3000000010000";
  private static final String ACCOUNT = "cn=replication manager,cn=config";
  private static final long SECONDS = 1_800_000_000L;
  private static final Moment NOW = new Moment(1_000_000L * Moment.MILLI, SECONDS * 1_000_000);

  private final Graph graph = new Graphs().need(GRAPH);
  private final DirectoryKind kind = new DirectoryKind();
  private final List<Server> servers;
  private final List<Vector> vectors;
  private final SortedSet<Node> nodes = new TreeSet<>();
  private final SortedSet<MemberId> members = new TreeSet<>();
  private final SortedSet<Edge> before;
  private final SortedSet<Edge> whole;
  private final DirectorySpec spec;
  private final State<DirectoryFacts> settled;
  private final State<DirectoryFacts> joined;

  /** Of so many servers. */
  DirectoryPlanning(int count) {
    servers =
        IntStream.rangeClosed(1, count)
            .mapToObj(i ->
                new Server(
                    new MemberId("n%04d".formatted(i)),
                    "n%04d.test".formatted(i),
                    389,
                    Details.NONE))
            .toList();
    servers.forEach(server -> {
      nodes.add(server.node());
      members.add(server.id());
    });
    vectors = vectors();
    spec = spec();
    before = graph.edges(nodes.headSet(nodes.last()), new TreeSet<>(), PARAMETERS);
    whole = graph.edges(nodes, before, PARAMETERS);
    settled = situation(whole);
    joined = situation(before);
  }

  private DirectorySpec spec() {
    return new DirectorySpec(
        new ResourceId("directory", "people"),
        Mode.MANAGE,
        servers,
        "389ds",
        DirectorySet.SUFFIX,
        new Topology(GRAPH, PARAMETERS),
        new Access(Security.STARTTLS, "", "cn=Directory Manager", new Secret("x")),
        new Replication(
            Security.STARTTLS, 0, ACCOUNT, new Secret("x"), Duration.ZERO, Duration.ZERO),
        Guards.DEFAULT,
        Duration.ofSeconds(5),
        Duration.ofSeconds(10));
  }

  private State<DirectoryFacts> situation(SortedSet<Edge> edges) {
    Map<MemberId, List<Agreement>> agreements = new HashMap<>();
    edges.forEach(edge ->
        agreements.computeIfAbsent(edge.from(), _ -> new ArrayList<>()).add(agreement(edge)));
    SortedMap<MemberId, MemberState<DirectoryFacts>> states = new TreeMap<>();
    Map<String, String> ledger = new HashMap<>(Map.of("generation", GENERATION));
    int id = 0;
    for (Server server : servers) {
      MemberId member = server.id();
      ledger.put("id." + member, Integer.toString(++id));
      ledger.put("member." + member, server.host() + ":" + server.port());
      DirectoryFacts facts = facts(id, agreements.getOrDefault(member, List.of()));
      states.put(
          member,
          new MemberState<>(
              member,
              new Observation.Seen<>(
                  facts, new Host(Host.Process.UNKNOWN, new Stamp(1, 0), Details.NONE)),
              NOW.nanos(),
              facts,
              NOW.nanos(),
              0,
              0,
              true));
    }
    return new State<>(
        NOW, 1, true, Details.copyOf(ledger), states, new TreeMap<>(), new TreeMap<>());
  }

  private Agreement agreement(Edge edge) {
    return new Agreement(
        "cotidal-" + edge.to(),
        edge.to(),
        edge.to() + ".test",
        389,
        Security.STARTTLS,
        ACCOUNT,
        Credentials.CURRENT,
        true,
        true,
        false,
        Agreement.Status.SUCCEEDED,
        "Error (0) Replica acquired successfully: Incremental update succeeded");
  }

  /** Equal, but each its own, as every look reads one: with all servers in it. */
  private List<Vector> vectors() {
    List<String> urls =
        servers.stream().map(server -> "ldap://" + server.host() + ":" + server.port()).toList();
    List<Vector> all = new ArrayList<>();
    for (Server _ : servers) {
      SortedMap<Integer, Vector.Element> elements = new TreeMap<>();
      int replica = 0;
      for (String url : urls) {
        Csn latest = new Csn(SECONDS - 100_000 - ++replica, 1, replica, 0);
        elements.put(replica, new Vector.Element(url, latest));
      }
      all.add(new Vector(GENERATION, elements));
    }
    return all;
  }

  private DirectoryFacts facts(int id, List<Agreement> agreements) {
    return new DirectoryFacts(
        "389-Directory/2.3.1",
        true,
        false,
        -1,
        new Replica(id, true, true, Credentials.CURRENT, Details.NONE),
        vectors.get(id - 1),
        agreements,
        List.of(),
        "machine %04d".formatted(id),
        Duration.ofDays(7).toSeconds(),
        0);
  }

  /** Lays the topology out anew, and proves it. */
  Proof layOut() {
    return Proof.of(members, graph.edges(nodes, new TreeSet<>(), PARAMETERS));
  }

  /** Works the last server into the topology of the others, and proves it. */
  Proof workIn() {
    return Proof.of(members, graph.edges(nodes, before, PARAMETERS));
  }

  /**
   * The plan of the whole directory, with its verdict and proofs, in which nothing is to be done.
   */
  List<Wanted> settled() {
    return kind.plan(spec, settled);
  }

  /** The same when the last server has just been filled and has no agreements yet. */
  List<Wanted> joined() {
    return kind.plan(spec, joined);
  }

  /** The verdict on which {@link #settled()} rests. */
  Diagnosis settledVerdict() {
    return kind.diagnose(spec, settled);
  }

  /** The verdict on which {@link #joined()} rests. */
  Diagnosis joinedVerdict() {
    return kind.diagnose(spec, joined);
  }
}
