package io.cotidal.gateway.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.gateway.clock.HybridClock;
import io.cotidal.gateway.request.Subject;
import io.cotidal.objects.names.Timestamp;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
@DisplayName("the outbox")
final class OutboxTest {
  private static final Footing NOTHING = new Footing.Nothing();
  private static final OutboxLimits SMALL =
      new OutboxLimits(2_000, 1_000, 10_000, Duration.ofMinutes(1));

  @TempDir Path place;

  private Path folder() {
    return place.resolve("outbox");
  }

  private Outbox open() throws OutboxFailed {
    return Outbox.open(folder(), OutboxLimits.USUAL, InstantSource.system());
  }

  private static Subject box(int number) {
    return new Subject("AUTH_a", "box" + number);
  }

  private static <T extends @Nullable Object> T got(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private Path file() throws Exception {
    try (Stream<Path> files = Files.list(folder())) {
      return files.filter(each -> each.toString().endsWith(".log")).findFirst().orElseThrow();
    }
  }

  @Test
  @DisplayName("what was intended and not refused must be looked at, until its sites are the same")
  void life() throws Exception {
    try (Outbox outbox = open()) {
      Ticket one = got(outbox.intend(box(1), "PUT", new Footing.Known("before")));
      assertThat(outbox.open(box(1)).orElseThrow().ready()).isFalse();
      Ticket two = got(outbox.intend(box(1), "POST", NOTHING));
      assertThat(two.stamp().after(one.stamp())).isTrue();
      got(outbox.ended(one, true));
      Open open = outbox.open(box(1)).orElseThrow();
      assertThat(open.ready()).isTrue();
      assertThat(open.flights()).isEqualTo(1);
      assertThat(open.stamp()).isEqualTo(one.stamp());
      assertThat(open.footing()).isEqualTo(new Footing.Known("before"));
      // Something flies: it cannot be over.
      got(outbox.converged(box(1), open.version()));
      assertThat(outbox.open(box(1))).isPresent();
      got(outbox.ended(two, true));
      // A look that began before the second one ended has not seen it.
      got(outbox.converged(box(1), open.version()));
      Open later = outbox.open(box(1)).orElseThrow();
      assertThat(later.stamp()).isEqualTo(two.stamp());
      got(outbox.converged(box(1), later.version()));
      assertThat(outbox.open()).isEmpty();
    }
  }

  @Test
  @DisplayName("to try whether the disk takes anything changes nothing, not after the next start")
  void tried() throws Exception {
    try (Outbox outbox = open()) {
      got(outbox.tried());
      Ticket one = got(outbox.intend(box(1), "PUT", NOTHING));
      got(outbox.tried());
      assertThat(outbox.open(box(1)).orElseThrow().flights()).isEqualTo(1);
      got(outbox.ended(one, true));
      got(outbox.tried());
    }
    Outbox outbox = open();
    assertThat(outbox.open()).extracting(Open::subject).containsExactly(box(1));
    outbox.close();
    assertThatThrownBy(() -> got(outbox.tried())).hasCauseInstanceOf(OutboxFailed.class);
  }

  @Test
  @DisplayName("what was refused opens nothing, and closes nothing")
  void refused() throws Exception {
    try (Outbox outbox = open()) {
      got(outbox.ended(got(outbox.intend(box(1), "PUT", NOTHING)), false));
      assertThat(outbox.open()).isEmpty();
      Ticket made = got(outbox.intend(box(2), "PUT", NOTHING));
      Ticket refused = got(outbox.intend(box(2), "DELETE", NOTHING));
      got(outbox.ended(made, true));
      got(outbox.ended(refused, false));
      Open open = outbox.open(box(2)).orElseThrow();
      assertThat(open.stamp()).isEqualTo(made.stamp());
      assertThat(open.ready()).isTrue();
    }
  }

  @Test
  @DisplayName("after a restart all is there, and what flew may have been done")
  void restart() throws Exception {
    Timestamp last;
    try (Outbox outbox = open()) {
      Ticket done = got(outbox.intend(box(1), "PUT", NOTHING));
      got(outbox.ended(done, true));
      got(outbox.kept(box(1), new Footing.Known("agreed")));
      last = got(outbox.intend(box(2), "DELETE", new Footing.Unasked())).stamp();
      got(outbox.ended(got(outbox.intend(box(3), "PUT", NOTHING)), false));
    }
    try (Outbox outbox = open()) {
      assertThat(outbox.open()).hasSize(2).allMatch(Open::ready).allMatch(o -> o.flights() == 0);
      assertThat(outbox.open(box(1)).orElseThrow().footing())
          .isEqualTo(new Footing.Known("agreed"));
      assertThat(outbox.open(box(2)).orElseThrow().footing()).isEqualTo(new Footing.Unasked());
      assertThat(outbox.open(box(2)).orElseThrow().stamp()).isEqualTo(last);
    }
    // Versions are as they were, however often it is opened.
    try (Outbox outbox = open()) {
      assertThat(outbox.open()).extracting(Open::version).containsExactly(1L, 1L);
    }
  }

  @Test
  @DisplayName("stamps never go back, over restarts and with a clock that does")
  void stamps() throws Exception {
    AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-02T00:00:00Z"));
    Timestamp before;
    try (Outbox outbox = Outbox.open(folder(), OutboxLimits.USUAL, now::get)) {
      before = got(outbox.intend(box(1), "PUT", NOTHING)).stamp();
      assertThat(before).isEqualTo(Timestamp.of(now.get()));
      got(outbox.ended(new Ticket(1, before), false));
      assertThat(outbox.open()).isEmpty();
    }
    now.set(Instant.parse("2026-01-01T00:00:00Z"));
    try (Outbox outbox = Outbox.open(folder(), OutboxLimits.USUAL, now::get)) {
      Ticket next = got(outbox.intend(box(1), "PUT", NOTHING));
      assertThat(next.stamp()).isEqualTo(before.next());
      assertThat(next.id()).isGreaterThan(1);
      Timestamp near = Timestamp.of(now.get().plusSeconds(30));
      assertThat(outbox.heard(near)).isInstanceOf(HybridClock.Heard.Taken.class);
      assertThat(outbox.heard(Timestamp.of(now.get().plusSeconds(90))))
          .isInstanceOf(HybridClock.Heard.TooFarAhead.class);
    }
  }

  @Test
  @DisplayName("those who wait at the same time share one write to the disk")
  void group() throws Exception {
    try (Outbox outbox = open();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      int clients = 64;
      int each = 20;
      List<Future<List<Ticket>>> all = new ArrayList<>();
      for (int client = 0; client < clients; client++) {
        int mine = client;
        all.add(
            threads.submit(() -> {
              List<Ticket> tickets = new ArrayList<>();
              for (int i = 0; i < each; i++) {
                tickets.add(got(outbox.intend(box(mine), "POST", NOTHING)));
              }
              return tickets;
            }));
      }
      Set<Long> ids = new HashSet<>();
      Set<Timestamp> stamps = new HashSet<>();
      for (Future<List<Ticket>> one : all) {
        List<Ticket> tickets = one.get();
        tickets.forEach(ticket -> {
          ids.add(ticket.id());
          stamps.add(ticket.stamp());
        });
        for (int i = 1; i < tickets.size(); i++) {
          assertThat(tickets.get(i).stamp().after(tickets.get(i - 1).stamp())).isTrue();
        }
      }
      assertThat(ids).hasSize(clients * each);
      assertThat(stamps).hasSize(clients * each);
      assertThat(outbox.forces()).isLessThan((long) clients * each / 4);
    }
  }

  @Test
  @DisplayName("a file cut anywhere behind its beginning is what was written until there")
  void cuts() throws Exception {
    long seed = System.nanoTime();
    Random chance = new Random(seed);
    TreeMap<Integer, List<Open>> states = new TreeMap<>();
    byte[] whole;
    try (Outbox outbox = open()) {
      states.put((int) Files.size(file()), outbox.open());
      for (int i = 0; i < 30; i++) {
        step(outbox, states, chance);
        states.put((int) Files.size(file()), outbox.open());
      }
      whole = Files.readAllBytes(file());
    }
    Path file = file();
    int beginning = states.firstKey();
    for (int cut = 0; cut <= whole.length; cut++) {
      Files.write(file, Arrays.copyOf(whole, cut));
      OutboxFolder files = OutboxFolder.open(folder());
      if (cut < beginning) {
        assertThatThrownBy(files::recovered).isInstanceOf(OutboxFailed.class);
      } else {
        Table table = files.recovered();
        table.flying().forEach(id -> table.apply(new Note.Ended(id, true)));
        assertThat(table.all())
            .as("seed %d, cut at %d", seed, cut)
            .isEqualTo(states.floorEntry(cut).getValue());
      }
      files.close();
    }
  }

  private void step(Outbox outbox, Map<Integer, List<Open>> states, Random chance)
      throws Exception {
    Subject subject = box(chance.nextInt(5));
    switch (chance.nextInt(5)) {
      case 0, 1 -> {
        Ticket ticket = got(outbox.intend(subject, "PUT", new Footing.Known("before " + subject)));
        states.put((int) Files.size(file()), restarted(outbox.open(), ticket));
        got(outbox.ended(ticket, chance.nextInt(4) > 0));
      }
      case 2 -> got(outbox.kept(subject, new Footing.Known("agreed ä " + chance.nextInt(9))));
      case 3 -> got(outbox.converged(subject, outbox.open(subject).map(Open::version).orElse(0L)));
      default -> got(outbox.converged(subject, 0));
    }
  }

  /** As it is after a crash, which leaves unknown how that ended. */
  private static List<Open> restarted(List<Open> all, Ticket ticket) {
    return all.stream()
        .map(open ->
            open.flights() == 0
                ? open
                : new Open(
                    open.subject(),
                    open.since(),
                    ticket.stamp(),
                    open.version() + 1,
                    0,
                    open.footing()))
        .toList();
  }

  @Test
  @DisplayName("a byte that changed in what was acknowledged is told, and not taken for a cut")
  void damage() throws Exception {
    try (Outbox outbox = open()) {
      for (int i = 0; i < 5; i++) {
        got(outbox.ended(got(outbox.intend(box(i), "PUT", NOTHING)), true));
      }
    }
    Path file = file();
    byte[] whole = Files.readAllBytes(file);
    int lastBatch = whole.length - Batch.HEAD - 10;
    for (int at = 0; at < lastBatch; at++) {
      byte[] bad = whole.clone();
      bad[at] ^= 0x10;
      Files.write(file, bad);
      OutboxFolder files = OutboxFolder.open(folder());
      assertThatThrownBy(files::recovered)
          .as("byte %d", at)
          .isInstanceOf(OutboxFailed.class)
          .hasMessageContaining("damaged")
          .hasMessageContaining("move it away");
      files.close();
    }
  }

  @Test
  @DisplayName("a file that has grown is replaced by what is open, whatever happens meanwhile")
  void rotation() throws Exception {
    long seed = System.nanoTime();
    Random chance = new Random(seed);
    Map<Subject, Integer> want = new HashMap<>();
    try (Outbox outbox = Outbox.open(folder(), SMALL, InstantSource.system())) {
      Ticket flying = got(outbox.intend(box(100), "PUT", NOTHING));
      for (int i = 0; i < 400; i++) {
        Subject subject = box(chance.nextInt(8));
        if (chance.nextInt(3) > 0) {
          got(outbox.ended(got(outbox.intend(subject, "PUT", NOTHING)), true));
          want.put(subject, i);
        } else {
          long version = outbox.open(subject).map(Open::version).orElse(0L);
          got(outbox.converged(subject, version));
          want.remove(subject);
        }
        assertThat(Files.size(file())).as("seed %d", seed).isLessThan(10_000);
      }
      got(outbox.ended(flying, true));
      want.put(box(100), 1);
      assertThat(outbox.open())
          .extracting(Open::subject)
          .containsExactlyInAnyOrderElementsOf(want.keySet());
    }
    try (Outbox outbox = open()) {
      assertThat(outbox.open())
          .extracting(Open::subject)
          .containsExactlyInAnyOrderElementsOf(want.keySet());
    }
    try (Stream<Path> files = Files.list(folder())) {
      assertThat(
              files.map(each -> String.valueOf(each.getFileName())).filter(n -> !n.equals("lock")))
          .hasSize(1)
          .allMatch(name -> !name.equals("outbox-000001.log"));
    }
  }

  @Test
  @DisplayName("is one process's alone, and nobody else's business")
  void alone() throws Exception {
    try (Outbox outbox = open()) {
      got(outbox.intend(box(1), "PUT", NOTHING));
      assertThatThrownBy(this::open)
          .isInstanceOf(OutboxFailed.class)
          .hasMessageContaining("in use by another process");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder())))
          .isEqualTo("rwx------");
      try (Stream<Path> files = Files.list(folder())) {
        for (Path each : files.toList()) {
          assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)))
              .as(each.toString())
              .isEqualTo("rw-------");
        }
      }
    }
    open().close();
  }

  @Test
  @DisplayName("has an end, and says so")
  void full() throws Exception {
    OutboxLimits two = new OutboxLimits(1 << 20, 2, 100, Duration.ofMinutes(1));
    try (Outbox outbox = Outbox.open(folder(), two, InstantSource.system())) {
      got(outbox.intend(box(1), "PUT", NOTHING));
      got(outbox.intend(box(2), "PUT", NOTHING));
      assertThatThrownBy(() -> got(outbox.intend(box(3), "PUT", NOTHING)))
          .hasCauseInstanceOf(OutboxFailed.class)
          .hasMessageContaining("full");
      // What is open already may go on.
      got(outbox.intend(box(2), "DELETE", NOTHING));
    }
  }

  @Test
  @DisplayName("after its end nothing is promised any more")
  void closed() throws Exception {
    Outbox outbox = open();
    outbox.close();
    assertThatThrownBy(() -> got(outbox.intend(box(3), "PUT", NOTHING)))
        .hasCauseInstanceOf(OutboxFailed.class);
    outbox.close();
  }
}
