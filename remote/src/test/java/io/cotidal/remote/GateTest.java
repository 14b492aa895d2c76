package io.cotidal.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cotidal.model.Details;
import io.cotidal.model.Outcome;
import io.cotidal.model.Stamp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class GateTest {
  private static final Outcome DONE = new Outcome.Done(Details.NONE);
  private final LocalProcesses processes = new LocalProcesses();
  @TempDir Path folder;
  private Gate gate;

  @BeforeEach
  void gate() {
    gate = new Gate(folder.resolve("data"), processes);
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(10));
  }

  @Test
  @DisplayName("postgres/S9: an act under an older stamp is refused and not done")
  void older() throws Exception {
    assertThat(gate.remembered()).isEqualTo(Stamp.NONE);
    assertThat(gate.under(new Stamp(3, 7), soon(), passage -> DONE)).isEqualTo(DONE);
    for (Stamp old : List.of(new Stamp(3, 6), new Stamp(2, 99))) {
      Outcome refused =
          gate.under(
              old,
              soon(),
              passage -> {
                throw new AssertionError("done all the same");
              });
      assertThat(refused).isEqualTo(new Outcome.Refused(new Stamp(3, 7)));
    }
    assertThat(gate.under(new Stamp(3, 7), soon(), passage -> DONE)).isEqualTo(DONE);
    assertThat(new Gate(folder.resolve("data"), processes).remembered()).isEqualTo(new Stamp(3, 7));
  }

  @Test
  @DisplayName("a newer stamp is remembered before the act begins")
  void remembersFirst() throws Exception {
    gate.under(
        new Stamp(1, 1),
        soon(),
        passage -> {
          assertThat(gate.remembered()).isEqualTo(new Stamp(1, 1));
          assertThat(passage.before()).isEqualTo(Stamp.NONE);
          return DONE;
        });
  }

  @Test
  @DisplayName("acts on one member never overlap, whoever made the gate; a failed one lets go")
  void exclusive() throws Exception {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger worst = new AtomicInteger();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Outcome>> all =
          java.util.stream.IntStream.range(0, 20)
              .mapToObj(i ->
                  threads.submit(() ->
                      new Gate(folder.resolve("data"), processes)
                          .under(
                              new Stamp(1, 1),
                              soon(),
                              passage -> {
                                worst.accumulateAndGet(inside.incrementAndGet(), Math::max);
                                soon().pause(Duration.ofMillis(2));
                                inside.decrementAndGet();
                                if (i % 2 == 0) {
                                  throw new IOException("broken");
                                }
                                return DONE;
                              })))
              .toList();
      for (Future<Outcome> one : all) {
        try {
          assertThat(one.get()).isEqualTo(DONE);
        } catch (java.util.concurrent.ExecutionException e) {
          assertThat(e).hasRootCauseMessage("broken");
        }
      }
    }
    assertThat(worst).hasValue(1);
  }

  @Test
  @DisplayName("whoever waits with a newer stamp makes the holder give way; a look does not")
  void givesWay() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Outcome> first =
          threads.submit(() ->
              gate.under(
                  new Stamp(1, 1),
                  soon(),
                  passage -> {
                    entered.countDown();
                    await().until(passage::superseded);
                    return DONE;
                  }));
      assertThat(entered.await(5, TimeUnit.SECONDS)).isTrue();
      assertThatThrownBy(
              () -> gate.look(new Stamp(1, 1), Deadline.in(Duration.ofMillis(50)), passage -> 1))
          .isInstanceOf(Gate.Busy.class);
      assertThat(first.isDone()).isFalse();
      assertThat(gate.under(new Stamp(1, 2), soon(), passage -> DONE)).isEqualTo(DONE);
      assertThat(first.get()).isEqualTo(DONE);
    }
  }

  @Test
  @DisplayName("an act that a look found missing cannot come in late")
  void lateAct() throws Exception {
    Stamp act = new Stamp(1, 7, 4);
    Stamp look = new Stamp(1, 7, 5);
    assertThat(gate.look(look, soon(), passage -> "not there")).contains("not there");
    assertThat(gate.under(act, soon(), passage -> DONE)).isEqualTo(new Outcome.Refused(look));
    assertThat(gate.look(act, soon(), passage -> "too late")).isEmpty();
  }

  @Test
  @DisplayName("a program that outlived its daemon is waited for, and past the deadline killed")
  void leftOver() throws Exception {
    gate.under(new Stamp(1, 1), soon(), passage -> DONE);
    ProcessId program =
        processes.launch(Program.of("", List.of("/bin/sleep", "60")), folder.resolve("log"));
    Files.writeString(gate.folder().resolve("running"), program.toString());
    long began = System.nanoTime();
    boolean alive =
        gate.look(
                new Stamp(1, 1),
                Deadline.in(Duration.ofMillis(600)),
                passage -> processes.table().alive(program))
            .orElseThrow();
    assertThat(alive).isFalse();
    assertThat(System.nanoTime() - began).isGreaterThan(250_000_000L);
    assertThat(gate.folder().resolve("running")).doesNotExist();
  }

  @Test
  @DisplayName(
      "a program run inside is on record while it runs; at its deadline its whole session is killed")
  void killedAtDeadline() throws Exception {
    Path script = folder.resolve("script");
    Files.writeString(script, "#!/bin/sh\nsleep 61 &\necho $$\nsleep 61\n");
    assertThat(script.toFile().setExecutable(true)).isTrue();
    gate.under(
        new Stamp(1, 1),
        soon(),
        passage -> {
          assertThatThrownBy(() ->
                  passage.run(
                      Program.of("", List.of(script.toString())),
                      Deadline.in(Duration.ofMillis(300))))
              .hasMessageContaining("did not end in time");
          return DONE;
        });
    assertThat(gate.folder().resolve("running")).doesNotExist();
  }

  @Test
  @DisplayName("a stamp file that cannot be read is an error, not a blank")
  void damaged() throws Exception {
    Files.createDirectories(gate.folder());
    Files.writeString(gate.folder().resolve("stamp"), "???");
    assertThatThrownBy(() -> gate.under(new Stamp(9, 9), soon(), passage -> DONE))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("epoch.number.turn");
  }
}
