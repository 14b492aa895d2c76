package io.cotidal.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
final class FileLockElectionTest {
  @TempDir Path folder;
  private final ManualClock clock = new ManualClock();
  private final List<String> heard = new CopyOnWriteArrayList<>();
  private Path file;
  private FileLockElection election;

  /** Holds a lock in a process of its own until it is killed. */
  static final class Holder {
    private Holder() {}

    public static void main(String[] args) throws IOException, InterruptedException {
      FileChannel channel =
          FileChannel.open(Path.of(args[0]), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      channel.lock();
      channel.write(ByteBuffer.wrap("4711\n".getBytes(StandardCharsets.UTF_8)));
      System.out.println("locked");
      Thread.currentThread().join();
    }
  }

  @BeforeEach
  void prepare() {
    file = folder.resolve("store.lock");
    election = new FileLockElection(file, clock);
  }

  @AfterEach
  void resign() {
    election.close();
  }

  private void start() {
    election.start(
        new Election.Candidate() {
          @Override
          public void won() {
            heard.add("won");
          }

          @Override
          public void lost(String reason) {
            heard.add(reason);
          }
        });
  }

  @Test
  void aFreeLockIsWonAtOnceAndNamesItsHolder() throws IOException {
    start();
    await().until(() -> heard.equals(List.of("won")));
    assertThat(election.held()).isTrue();
    assertThat(election.reason()).isEmpty();
    assertThat(Files.readString(file).strip())
        .isEqualTo(Long.toString(ProcessHandle.current().pid()));
  }

  @Test
  void whileAnotherProcessHoldsItOneLineSaysSoAndItsDeathIsASuccession() throws IOException {
    Process holder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName(),
                file.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      assertThat(holder.inputReader().readLine()).isEqualTo("locked");
      start();
      await().until(() -> !heard.isEmpty());
      clock.advance(Duration.ofSeconds(3));
      assertThat(heard).containsExactly("the daemon with process id 4711 holds " + file);
      assertThat(election.held()).isFalse();
    } finally {
      holder.destroyForcibly();
    }
    await()
        .until(() -> {
          clock.advance(Duration.ofSeconds(1));
          return heard.getLast().equals("won");
        });
    assertThat(heard).hasSize(2);
  }

  @Test
  void aLockFileThatWasMovedAwayKeepsNobodyOutAndIsTakenAgain() throws IOException {
    start();
    await().until(() -> election.held());
    Files.move(file, folder.resolve("elsewhere"));
    await()
        .until(() -> {
          clock.advance(Duration.ofSeconds(1));
          return heard.size() == 3;
        });
    assertThat(heard)
        .containsExactly("won", "lock file " + file + " was removed or replaced", "won");
  }

  @Test
  void resignedItTakesPartNoMore() {
    start();
    await().until(() -> election.held());
    election.close();
    clock.advance(Duration.ofSeconds(5));
    assertThat(election.held()).isFalse();
    assertThat(heard).containsExactly("won");
    FileLockElection next = new FileLockElection(file, clock);
    next.start(
        new Election.Candidate() {
          @Override
          public void won() {
            heard.add("next");
          }

          @Override
          public void lost(String reason) {
            heard.add(reason);
          }
        });
    await().until(() -> heard.contains("next"));
    next.close();
  }

  @Test
  void aFolderThatIsMissingIsAReason() {
    election = new FileLockElection(folder.resolve("no/such.lock"), clock);
    start();
    await().until(() -> !heard.isEmpty());
    assertThat(election.held()).isFalse();
    assertThat(heard.getFirst()).contains("NoSuchFileException");
  }
}
