package io.cotidal.app.election;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cotidal.app.DaemonProcess;
import io.cotidal.lab.ServerRegistry;
import io.cotidal.lab.StateFolder;
import io.cotidal.remote.ProcessTable;
import io.cotidal.remote.Signal;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every election must do, shown with processes that are killed and frozen. */
@Timeout(120)
abstract class ElectionConformance {
  private static final Path BASE = Path.of(System.getProperty("java.io.tmpdir"));
  private static final Duration LONG = Duration.ofSeconds(30);

  private ServerRegistry registry;

  /** What a process that takes part is told: see {@link Contender}. */
  abstract List<String> ticket(String name);

  /** Prepares an election that nobody has taken part in. */
  abstract void prepare(ServerRegistry lab) throws Exception;

  /** How long it takes until everybody who takes part has tried again. */
  abstract Duration round();

  /** Whether a holder that is frozen, and not dead, is replaced. */
  abstract boolean replacesFrozen();

  @BeforeEach
  final void open() throws Exception {
    registry = ServerRegistry.open(StateFolder.ofUser(), BASE);
    prepare(registry);
  }

  @AfterEach
  final void close() throws IOException {
    registry.close();
  }

  /** A process that takes part. */
  private record Party(Process process, List<String> heard) {
    boolean holds() {
      return !heard.isEmpty() && heard.getLast().equals("won true");
    }

    void signal(Signal signal) throws IOException {
      signal.send(new ProcessTable().find(process.pid()).orElseThrow().id());
    }
  }

  private Party party(String name) throws IOException {
    List<String> command = new ArrayList<>(DaemonProcess.java(List.of()));
    command.add(Contender.class.getName());
    command.addAll(ticket(name));
    Process process =
        registry.start(new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD));
    List<String> heard = new CopyOnWriteArrayList<>();
    Thread.ofVirtual()
        .start(() -> {
          try (BufferedReader lines = process.inputReader()) {
            lines
                .lines()
                .filter(line -> line.matches("(won|lost|resigned) .*"))
                .forEach(heard::add);
          } catch (IOException e) {
            heard.add("lost contact");
          }
        });
    return new Party(process, heard);
  }

  private static void awaitHolder(Party party) {
    await()
        .atMost(LONG)
        .untilAsserted(() -> assertThat(party.holds()).as("%s", party.heard()).isTrue());
  }

  @Test
  @DisplayName(
      "the first one wins; the second hears why it does not, once; killed, the first is succeeded")
  void succession() throws Exception {
    Party first = party("first");
    awaitHolder(first);
    Party second = party("second");
    await().atMost(LONG).until(() -> !second.heard().isEmpty());
    await()
        .during(round().multipliedBy(3))
        .atMost(LONG)
        .until(() -> second.heard().size() == 1 && first.holds());
    assertThat(second.heard().getFirst()).startsWith("lost ").contains("the daemon ");
    first.process().destroyForcibly();
    awaitHolder(second);
    assertThat(second.heard()).hasSize(2);
  }

  @Test
  @DisplayName("one that resigns is succeeded, is not told, and does not take part any more")
  void resignation() throws Exception {
    Party first = party("first");
    awaitHolder(first);
    Party second = party("second");
    await().atMost(LONG).until(() -> !second.heard().isEmpty());
    first.process().outputWriter().append('\n').flush();
    awaitHolder(second);
    await().atMost(LONG).until(() -> first.heard().size() == 2);
    assertThat(first.heard()).containsExactly("won true", "resigned false");
    second.process().destroyForcibly();
    await().during(round().multipliedBy(3)).atMost(LONG).until(() -> first.heard().size() == 2);
  }

  @Test
  @DisplayName(
      "postgres/S9: the holder is frozen with SIGSTOP: never two at once, and who wakes up knows")
  void frozen() throws Exception {
    Party first = party("first");
    awaitHolder(first);
    Party second = party("second");
    await().atMost(LONG).until(() -> !second.heard().isEmpty());
    first.signal(Signal.STOP);
    if (replacesFrozen()) {
      awaitHolder(second);
      first.signal(Signal.CONTINUE);
      await().atMost(LONG).until(() -> first.heard().size() >= 2);
      assertThat(first.heard().get(1)).startsWith("lost ");
      await()
          .during(round().multipliedBy(3))
          .atMost(LONG)
          .until(() -> second.holds() && !first.holds());
    } else {
      await().during(round().multipliedBy(4)).atMost(LONG).until(() -> !second.holds());
      first.signal(Signal.CONTINUE);
      await()
          .during(round().multipliedBy(2))
          .atMost(LONG)
          .until(() -> first.holds() && !second.holds());
    }
  }
}
