package io.cotidal.directory.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("topologies")
@Timeout(60)
final class GraphsTest {
  private static final SortedSet<Edge> NONE = new TreeSet<>();
  private final Graphs graphs = new Graphs();

  private static SortedSet<Node> nodes(int count) {
    SortedSet<Node> nodes = new TreeSet<>();
    for (int i = 0; i < count; i++) {
      nodes.add(node(i));
    }
    return nodes;
  }

  private static Node node(int i) {
    return new Node(new MemberId("n" + i), "site" + i % 3, "");
  }

  private static Proof proof(SortedSet<Node> nodes, SortedSet<Edge> edges) {
    return Proof.of(Ids.of(nodes), edges);
  }

  private static SortedSet<Edge> minus(SortedSet<Edge> edges, SortedSet<Edge> others) {
    SortedSet<Edge> rest = new TreeSet<>(edges);
    rest.removeAll(others);
    return rest;
  }

  @ParameterizedTest
  @ValueSource(strings = {"fullmesh", "ring", "circulant", "regular", "hub", "sites"})
  @DisplayName("each size from 1 to 40 is connected, and from 3 on survives any single loss")
  void everySize(String name) {
    Graph graph = graphs.need(name);
    for (int size = 1; size <= 40; size++) {
      SortedSet<Node> nodes = nodes(size);
      SortedSet<Edge> edges = graph.edges(nodes, NONE, Details.NONE);
      assertThat(proof(nodes, edges).connected()).as("%s of %d", name, size).isTrue();
      assertThat(proof(nodes, edges).survivesAnyLoss()).as("%s of %d", name, size).isTrue();
      assertThat(graph.edges(nodes, edges, Details.NONE))
          .as("%s of %d, laid out once more", name, size)
          .isEqualTo(edges);
    }
  }

  @ParameterizedTest
  @CsvSource({"ring,2,30", "circulant,4,60", "regular,4,200", "regular,6,50"})
  @DisplayName("members that come and go move their own edges and half as many others")
  void churn(String name, int degree, int size) {
    long seed = 20_261_121L + size;
    Random random = new Random(seed);
    Graph graph = graphs.need(name);
    Details parameters = name.equals("ring") ? Details.NONE : Details.of("degree", degree);
    SortedSet<Node> nodes = nodes(size);
    SortedSet<Edge> edges = graph.edges(nodes, NONE, parameters);
    int next = size;
    for (int round = 0; round < 40; round++) {
      boolean joins = random.nextBoolean();
      if (joins) {
        nodes.add(node(next++));
      } else {
        nodes.remove(nodes.stream().skip(random.nextInt(nodes.size())).findFirst().orElseThrow());
      }
      SortedSet<Edge> changed = graph.edges(nodes, edges, parameters);
      SortedSet<MemberId> ids = Ids.of(nodes);
      SortedSet<Edge> kept = new TreeSet<>(edges);
      kept.removeIf(edge -> !ids.contains(edge.from()) || !ids.contains(edge.to()));
      String story = "seed %d, round %d, %s".formatted(seed, round, joins ? "joins" : "leaves");
      assertThat(proof(nodes, changed).survivesAnyLoss()).as(story).isTrue();
      assertThat(proof(nodes, changed).widest()).as(story).isEqualTo(degree);
      // 2k new and k old for a newcomer; k new, and as many old where a pair had to be opened.
      assertThat(minus(changed, kept)).as(story).hasSizeLessThanOrEqualTo(2 * degree);
      assertThat(minus(kept, changed)).as(story).hasSizeLessThanOrEqualTo(degree);
      edges = changed;
    }
  }

  @Test
  @DisplayName("a thousand members with four neighbours each are few hops apart")
  void fewHops() {
    SortedSet<Node> nodes = nodes(1000);
    Proof proof = proof(nodes, graphs.need("regular").edges(nodes, NONE, Details.NONE));
    assertThat(proof.diameter()).isLessThanOrEqualTo(9);
    assertThat(proof.widest()).isEqualTo(4);
  }

  @Test
  @DisplayName("directory/D20: a path in one direction alone is found, and the pair is named")
  void oneWay() {
    SortedSet<Node> nodes = nodes(2);
    SortedSet<Edge> edges = new TreeSet<>();
    edges.add(new Edge(new MemberId("n0"), new MemberId("n1")));
    Proof proof = proof(nodes, edges);
    assertThat(proof.connected()).isFalse();
    assertThat(proof.gap()).isEqualTo(new Edge(new MemberId("n1"), new MemberId("n0")));
    assertThat(proof.sentence()).isEqualTo("not connected: no way n1 → n0");
  }

  @Test
  @DisplayName("who alone holds a graph together is named")
  void weak() {
    SortedSet<Node> nodes = nodes(3);
    Graph custom = graphs.need("custom");
    Details parameters = Details.of("edges", "n0<>n1, n1<>n2");
    Proof proof = proof(nodes, custom.edges(nodes, NONE, parameters));
    assertThat(proof.connected()).isTrue();
    assertThat(proof.weak()).isEqualTo(new MemberId("n1"));
  }

  @Test
  @DisplayName(
      "who is named as the one whose loss would part the others is the one whose loss does")
  void weakIsWhoParts() {
    long seed = 20_261_121;
    Random random = new Random(seed);
    int parted = 0;
    int whole = 0;
    for (int round = 0; round < 2_000; round++) {
      SortedSet<MemberId> members = Ids.of(nodes(3 + random.nextInt(9)));
      SortedSet<Edge> edges = new TreeSet<>();
      int wanted = members.size() * (2 + random.nextInt(4));
      for (int i = 0; i < wanted; i++) {
        MemberId from = any(members, random);
        MemberId to = any(members, random);
        if (!from.equals(to)) {
          edges.add(new Edge(from, to));
        }
      }
      Proof proof = Proof.of(members, edges);
      if (proof.connected()) {
        MemberId first = null;
        for (MemberId member : members) {
          SortedSet<MemberId> others = new TreeSet<>(members);
          others.remove(member);
          first = first == null && !Proof.of(others, edges).connected() ? member : first;
        }
        assertThat(proof.weak()).as("round %d of seed %d: %s", round, seed, edges).isEqualTo(first);
        assertThat(Proof.survives(members, edges)).isEqualTo(first == null);
        parted += first == null ? 0 : 1;
        whole += first == null ? 1 : 0;
      } else {
        assertThat(Proof.survives(members, edges)).isFalse();
      }
    }
    assertThat(parted).isGreaterThan(100);
    assertThat(whole).isGreaterThan(100);
  }

  private static MemberId any(SortedSet<MemberId> members, Random random) {
    return members.stream().skip(random.nextInt(members.size())).findFirst().orElseThrow();
  }

  @Test
  @DisplayName("sites are joined by two paths each, between different members")
  void sites() {
    SortedSet<Node> nodes = nodes(12);
    SortedSet<Edge> edges = graphs.need("sites").edges(nodes, NONE, Details.NONE);
    long crossing =
        edges.stream()
            .filter(edge ->
                Integer.parseInt(edge.from().name().substring(1)) % 3
                    != Integer.parseInt(edge.to().name().substring(1)) % 3)
            .count();
    assertThat(crossing).isEqualTo(3 * 2 * 2);
  }

  @Test
  @DisplayName("what a graph does not take is refused in one line")
  void refusals() {
    assertThatThrownBy(() -> graphs.need("star"))
        .hasMessage(
            "graph 'star' is not known; use circulant, custom, fullmesh, hub, regular, ring, sites");
    assertThatThrownBy(() -> graphs.need("regular").check(Details.of("degree", "3")))
        .hasMessage("degree '3': write an even number from 2 to 64, 4 for example");
    assertThatThrownBy(() -> graphs.need("ring").check(Details.of("degree", "4")))
        .hasMessage("parameter 'degree': this graph takes none");
    assertThatThrownBy(() -> graphs.need("custom").check(Details.of("edges", "a-b")))
        .hasMessage("edge 'a-b': write a>b or a<>b");
  }
}
