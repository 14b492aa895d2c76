package io.cotidal.directory.target.ds389;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.directory.plan.Acts;
import io.cotidal.directory.spec.Server;
import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.model.Outcome;
import io.cotidal.model.Stamp;
import io.cotidal.model.Step;
import io.cotidal.remote.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("stamps on a real 389 server")
@Timeout(120)
final class StampIT {
  private static final Duration LONG = Duration.ofSeconds(20);

  private Mesh mesh;
  private Server a;

  @BeforeEach
  void open() throws Exception {
    mesh = new Mesh();
    a = mesh.start();
  }

  @AfterEach
  void close() throws Exception {
    mesh.close();
  }

  private Outcome stamp(Stamp stamp) {
    return mesh.servers.stamp(a, stamp, Deadline.in(LONG));
  }

  private Outcome act(Step step, Stamp stamp) {
    return mesh.servers.act(a, mesh.order(step, stamp));
  }

  @Test
  @DisplayName("the newest stamp stays, through a kill too, and refuses every older one")
  void refuses() throws Exception {
    assertThat(stamp(new Stamp(8, 0)))
        .isEqualTo(new Outcome.Done(Details.of("before", Stamp.NONE)));
    assertThat(mesh.look(a).host().stamp()).isEqualTo(new Stamp(8, 0));
    assertThat(stamp(new Stamp(7, 0))).isEqualTo(new Outcome.Refused(new Stamp(8, 0)));
    assertThat(act(mesh.prepare(a, 1), new Stamp(7, 99, 9)))
        .isEqualTo(new Outcome.Refused(new Stamp(8, 0)));
    mesh.real.getFirst().kill();
    mesh.real.getFirst().start();
    assertThat(mesh.look(a).host().stamp()).isEqualTo(new Stamp(8, 0));
    assertThat(mesh.facts(a).replica()).isNull();
    assertThat(stamp(new Stamp(9, 0)))
        .isEqualTo(new Outcome.Done(Details.of("before", new Stamp(8, 0))));
    assertThat(act(mesh.prepare(a, 1), new Stamp(8, 1, 1))).isInstanceOf(Outcome.Refused.class);
    assertThat(act(mesh.prepare(a, 1), new Stamp(9, 1, 1))).isInstanceOf(Outcome.Done.class);
  }

  @Test
  @DisplayName("what an inspection found missing cannot come in late")
  void late() {
    Step step = mesh.prepare(a, 1);
    assertThat(mesh.servers.inspect(a, mesh.order(step, new Stamp(3, 4, 2))))
        .isInstanceOf(Inspection.NotApplied.class);
    assertThat(act(step, new Stamp(3, 4, 1))).isEqualTo(new Outcome.Refused(new Stamp(3, 4, 2)));
    assertThat(mesh.facts(a).replica()).isNull();
    assertThat(act(step, new Stamp(3, 4, 3))).isInstanceOf(Outcome.Done.class);
    assertThat(mesh.servers.inspect(a, mesh.order(step, new Stamp(3, 4, 1))))
        .isInstanceOf(Inspection.Unknown.class);
  }

  @Test
  @DisplayName("a newer turn at one part of a server refuses nobody at another")
  void parts() {
    assertThat(act(mesh.prepare(a, 1), new Stamp(1, 1, 1))).isInstanceOf(Outcome.Done.class);
    Step poke = mesh.step(Acts.POKE, a).with(Acts.TO, "a");
    assertThat(act(poke, new Stamp(1, 1, 9))).isInstanceOf(Outcome.Done.class);
    assertThat(act(mesh.prepare(a, 1), new Stamp(1, 1, 2))).isInstanceOf(Outcome.Done.class);
    assertThat(act(poke, new Stamp(1, 1, 8))).isInstanceOf(Outcome.Refused.class);
  }

  @Test
  @DisplayName("of many that come at once, the newest is never refused, and stays")
  void race() {
    for (int round = 1; round <= 10; round++) {
      long epoch = round * 10L;
      List<CompletableFuture<Outcome>> all = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        Stamp stamp = new Stamp(epoch + i, 0);
        all.add(
            CompletableFuture.supplyAsync(
                () -> stamp(stamp), each -> Thread.ofVirtual().start(each)));
      }
      List<Outcome> outcomes = all.stream().map(CompletableFuture::join).toList();
      assertThat(outcomes.getLast()).isInstanceOf(Outcome.Done.class);
      assertThat(mesh.look(a).host().stamp()).isEqualTo(new Stamp(epoch + 5, 0));
      assertThat(stamp(new Stamp(epoch + 4, 0))).isInstanceOf(Outcome.Refused.class);
    }
  }
}
