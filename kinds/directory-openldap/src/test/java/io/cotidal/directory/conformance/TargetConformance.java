package io.cotidal.directory.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cotidal.directory.graph.Edge;
import io.cotidal.directory.observe.Agreement;
import io.cotidal.directory.observe.Credentials;
import io.cotidal.directory.observe.DirectoryFacts;
import io.cotidal.directory.observe.Replica;
import io.cotidal.directory.plan.Acts;
import io.cotidal.directory.spec.Server;
import io.cotidal.model.Details;
import io.cotidal.model.Outcome;
import io.cotidal.model.Stamp;
import io.cotidal.model.Step;
import io.cotidal.remote.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a target must show on its own real servers. */
@Timeout(180)
public abstract class TargetConformance {
  private static final Duration SOON = Duration.ofSeconds(20);

  /** The servers of one test. */
  protected Fleet fleet;

  /** Whose servers. */
  protected abstract Real.Vendor vendor();

  @BeforeEach
  void open() throws Exception {
    fleet = new Fleet(vendor());
  }

  @AfterEach
  void close() throws Exception {
    fleet.close();
  }

  private SortedSet<Edge> edges() {
    SortedSet<Edge> edges = new TreeSet<>();
    for (Server each : fleet.members) {
      for (Agreement one : fleet.facts(each).agreements()) {
        assertThat(one.owned() && one.enabled()).as(one.toString()).isTrue();
        assertThat(one.credentials()).isEqualTo(Credentials.CURRENT);
        edges.add(one.edge(each.id(), Objects.requireNonNull(one.to())));
      }
    }
    return edges;
  }

  @Test
  @DisplayName(
      "directory/D1: who has entries fills the empty one, and has all of them all the time")
  void seed() throws Exception {
    Server b = fleet.start(0);
    Server a = fleet.start(40);
    AtomicInteger least = new AtomicInteger(40);
    AtomicBoolean over = new AtomicBoolean();
    CompletableFuture<Void> watched =
        CompletableFuture.runAsync(
            () -> {
              while (!over.get()) {
                try {
                  least.accumulateAndGet(fleet.people(a), Math::min);
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              }
            },
            each -> Thread.ofVirtual().start(each));
    assertThat(fleet.facts(a).entries()).isEqualTo(41);
    assertThat(fleet.facts(b).entries()).isEqualTo(1);
    fleet.done(a, fleet.prepare(a, 1));
    fleet.done(b, fleet.prepare(b, 2));
    fleet.link(a, b);
    fleet.again(a, fleet.initialise(a, b, "empty"));
    assertThat(fleet.people(b)).isEqualTo(40);
    assertThat(fleet.facts(b).initialising()).isFalse();
    assertThat(fleet.facts(b).vector().generation())
        .isNotEmpty()
        .isEqualTo(fleet.facts(a).vector().generation());
    fleet.link(b, a);
    fleet.people(b, 40, 5);
    await().atMost(SOON).until(() -> fleet.people(a) == 45);
    fleet.prove();
    over.set(true);
    watched.join();
    assertThat(least.get()).isEqualTo(40);
  }

  @Test
  @DisplayName("directory/D2: of two that hold different data none is filled from the other")
  void populated() throws Exception {
    Server a = fleet.start(3);
    Server b = fleet.start(7);
    fleet.done(a, fleet.prepare(a, 1));
    fleet.done(b, fleet.prepare(b, 2));
    Details before = fleet.again(b, fleet.step(Acts.DIGEST_OF, b));
    // Some targets refuse the path already.
    fleet.act(fleet.holder(a, b), fleet.edge(Acts.LINK, a, b));
    assertThat(fleet.failure(a, fleet.initialise(a, b, "empty")))
        .contains("not empty", "8 entries");
    assertThat(fleet.failure(a, fleet.initialise(a, b, "same"))).contains("data set");
    assertThat(fleet.failure(a, fleet.initialise(a, b, "whatever"))).contains("whatever");
    assertThat(fleet.failure(a, fleet.initialise(a, b, "empty").with(Acts.GENERATION, "0123")))
        .contains("0123");
    assertThat(fleet.again(b, fleet.step(Acts.DIGEST_OF, b))).isEqualTo(before);
    assertThat(fleet.people(a)).isEqualTo(3);
    assertThat(fleet.facts(a).vector().generation())
        .isNotEqualTo(fleet.facts(b).vector().generation());
  }

  @Test
  @DisplayName("a mesh of three is made by acts alone, each done twice, and proven")
  void mesh() throws Exception {
    fleet.start(20);
    fleet.start(0);
    fleet.start(0);
    fleet.build();
    fleet.prove();
    SortedSet<Edge> all = edges();
    assertThat(all).hasSize(6);
    for (int i = 0; i < 3; i++) {
      Replica replica = Objects.requireNonNull(fleet.facts(fleet.members.get(i)).replica());
      assertThat(replica.id()).isEqualTo(i + 1);
      assertThat(replica.supplier() && replica.account()).isTrue();
      assertThat(replica.credentials()).isEqualTo(Credentials.CURRENT);
      assertThat(replica.settings().isEmpty()).isTrue();
    }
    Server a = fleet.members.getFirst();
    fleet.again(a, fleet.step(Acts.POKE, a).with(Acts.TO, "b,c"));
    fleet.prove();
    assertThat(edges()).isEqualTo(all);
    await()
        .atMost(SOON)
        .untilAsserted(() -> {
          DirectoryFacts one = fleet.facts(a);
          for (Server each : fleet.members) {
            assertThat(fleet.facts(each).vector().elements().keySet()).contains(1, 2, 3);
            assertThat(fleet.facts(each).vector().covers(one.vector())).isTrue();
          }
        });
  }

  @Test
  @DisplayName("directory/D7: who leaves is gone from every path, and those who stay go on")
  void leaves() throws Exception {
    for (int i = 0; i < 3; i++) {
      fleet.start(i == 0 ? 5 : 0);
    }
    fleet.build();
    fleet.prove();
    Server a = fleet.members.get(0);
    Server b = fleet.members.get(1);
    Server c = fleet.members.get(2);
    fleet.done(c, fleet.step(Acts.RETIRE, c));
    assertThat(fleet.facts(c).replica()).isNull();
    assertThat(fleet.facts(c).agreements()).isEmpty();
    assertThat(fleet.people(c)).isEqualTo(5);
    // From here on nobody names it any more.
    fleet.members.remove(c);
    for (Server each : List.of(a, b)) {
      for (Step unlink :
          List.of(fleet.edge(Acts.UNLINK, each, c), fleet.edge(Acts.UNLINK, c, each))) {
        if (fleet.holder(each, c).equals(each) == unlink.arguments().need(Acts.TO).equals("c")) {
          fleet.done(each, unlink);
        }
      }
    }
    fleet.again(a, fleet.step(Acts.CLEAN, a).with(Acts.ID, 3));
    assertThat(fleet.failure(a, fleet.step(Acts.CLEAN, a).with(Acts.ID, 1))).contains("own");
    assertThat(edges()).containsExactly(new Edge(a.id(), b.id()), new Edge(b.id(), a.id()));
    fleet.people(a, 5, 1);
    await().atMost(SOON).until(() -> fleet.people(b) == 6);
    fleet.prove();
    assertThat(fleet.people(c)).isEqualTo(5);
  }

  @Test
  @DisplayName("directory/D5: a member that comes back has what it missed")
  void comesBack() throws Exception {
    Server a = fleet.start(1);
    Server b = fleet.start(0);
    fleet.build();
    fleet.prove();
    fleet.real(b).kill();
    fleet.people(a, 1, 4);
    assertThat(fleet.look(b)).isInstanceOf(io.cotidal.model.Observation.Refused.class);
    fleet.real(b).start();
    fleet.again(a, fleet.step(Acts.POKE, a).with(Acts.TO, "b"));
    await().atMost(SOON).until(() -> fleet.people(b) == 5);
    fleet.prove();
  }

  @Test
  @DisplayName("directory/D12: a new password reaches every path, and a look tells which have it")
  void rotates() throws Exception {
    fleet.start(2);
    fleet.start(0);
    fleet.build();
    fleet.servers.close();
    fleet.servers = fleet.servers("another secret");
    for (Server each : fleet.members) {
      assertThat(Objects.requireNonNull(fleet.facts(each).replica()).credentials())
          .isEqualTo(Credentials.OTHER);
      assertThat(fleet.facts(each).agreements())
          .allSatisfy(one -> assertThat(one.credentials()).isEqualTo(Credentials.OTHER));
      fleet.done(each, fleet.step(Acts.ROTATE, each));
    }
    assertThat(edges()).hasSize(2);
    fleet.prove();
  }

  private Outcome stamp(Server on, Stamp stamp) {
    return fleet.servers.stamp(on, stamp, Deadline.in(SOON));
  }

  @Test
  @DisplayName("the newest stamp stays, through a kill too, and refuses every older one")
  void stamps() throws Exception {
    Server a = fleet.start(0);
    assertThat(stamp(a, new Stamp(8, 0)))
        .isEqualTo(new Outcome.Done(Details.of("before", Stamp.NONE)));
    assertThat(fleet.look(a).host().stamp()).isEqualTo(new Stamp(8, 0));
    assertThat(stamp(a, new Stamp(7, 0))).isEqualTo(new Outcome.Refused(new Stamp(8, 0)));
    assertThat(fleet.act(a, fleet.prepare(a, 1), new Stamp(7, 99, 9)))
        .isEqualTo(new Outcome.Refused(new Stamp(8, 0)));
    fleet.real(a).kill();
    fleet.real(a).start();
    assertThat(fleet.look(a).host().stamp()).isEqualTo(new Stamp(8, 0));
    assertThat(fleet.facts(a).replica()).isNull();
    assertThat(stamp(a, new Stamp(9, 0)))
        .isEqualTo(new Outcome.Done(Details.of("before", new Stamp(8, 0))));
    assertThat(fleet.act(a, fleet.prepare(a, 1), new Stamp(8, 1, 1)))
        .isInstanceOf(Outcome.Refused.class);
    assertThat(fleet.act(a, fleet.prepare(a, 1), new Stamp(9, 1, 1)))
        .isInstanceOf(Outcome.Done.class);
    // Another part has a turn of its own.
    Step poke = fleet.step(Acts.POKE, a).with(Acts.TO, "a");
    assertThat(fleet.act(a, poke, new Stamp(9, 1, 9))).isInstanceOf(Outcome.Done.class);
    assertThat(fleet.act(a, fleet.prepare(a, 1), new Stamp(9, 1, 2)))
        .isInstanceOf(Outcome.Done.class);
    assertThat(fleet.act(a, poke, new Stamp(9, 1, 8))).isInstanceOf(Outcome.Refused.class);
  }

  @Test
  @DisplayName("of many stamps that come at once, the newest is never refused, and stays")
  void race() throws Exception {
    Server a = fleet.start(0);
    for (int round = 1; round <= 5; round++) {
      long epoch = round * 10L;
      List<CompletableFuture<Outcome>> all = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        Stamp stamp = new Stamp(epoch + i, 0);
        all.add(
            CompletableFuture.supplyAsync(
                () -> stamp(a, stamp), each -> Thread.ofVirtual().start(each)));
      }
      List<Outcome> outcomes = all.stream().map(CompletableFuture::join).toList();
      assertThat(outcomes.getLast()).isInstanceOf(Outcome.Done.class);
      assertThat(fleet.look(a).host().stamp()).isEqualTo(new Stamp(epoch + 5, 0));
      assertThat(stamp(a, new Stamp(epoch + 4, 0))).isInstanceOf(Outcome.Refused.class);
    }
  }

  @Test
  @DisplayName("directory/D9: a replica id that is there is never changed")
  void ids() throws Exception {
    Server a = fleet.start(1);
    fleet.done(a, fleet.prepare(a, 3));
    assertThat(fleet.failure(a, fleet.prepare(a, 4))).contains("3", "never changed");
    assertThat(Objects.requireNonNull(fleet.facts(a).replica()).id()).isEqualTo(3);
    assertThat(fleet.failure(a, fleet.prepare(a, 70_000))).contains("70000");
  }
}
