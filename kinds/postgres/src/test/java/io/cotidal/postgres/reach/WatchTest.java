package io.cotidal.postgres.reach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.remote.Deadline;
import io.cotidal.remote.ssh.Dialogue;
import io.cotidal.remote.ssh.SshFailure;
import io.cotidal.remote.ssh.SshTrouble;
import io.cotidal.remote.ssh.Wire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Looks at a machine whose gate tells the process at once, and files after a while. */
@Timeout(20)
class WatchTest {
  private static final Duration FILES = Duration.ofMillis(150);
  private static final Duration AT_ONCE = Duration.ofMillis(1);

  /** All the time that it has. */
  private static final Duration SERVER = Duration.ofMillis(400);

  /** What a look may take beyond the time that the server has. */
  private static final Duration LATE = Duration.ofMillis(50);

  private final Gate gate = new Gate();
  private final Watch watch =
      new Watch(
          new Watch.Line() {
            @Override
            public void prepare() {}

            @Override
            public Dialogue open(Deadline deadline) {
              return new Dialogue(gate, "nobody@nowhere");
            }
          });

  private static final class Gate implements Wire {
    private final BlockingQueue<String> asked = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    final List<String> heard = new ArrayList<>();

    Gate() {
      answers.add("0 watching");
      Thread.ofVirtual().start(this::answer);
    }

    private void answer() {
      try {
        while (true) {
          String line = asked.take();
          heard.add(line);
          if (line.contains("whole")) {
            Thread.sleep(FILES);
          }
          answers.add(line.split(" ")[0] + " ok " + (line.contains("whole") ? "files" : "process"));
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void say(String line) {
      asked.add(line);
    }

    @Override
    public void sayNoMore() {}

    @Override
    public String hear(Deadline deadline) throws SshFailure, InterruptedException {
      String answer = answers.poll(deadline.left().toNanos(), TimeUnit.NANOSECONDS);
      if (answer == null) {
        throw new SshFailure(new SshTrouble.Silent("no answer in time"));
      }
      return answer;
    }

    @Override
    public boolean open() {
      return true;
    }

    @Override
    public void close() {}
  }

  /** A look while the server takes that long, and answers or not. */
  private List<String> look(Duration server, boolean answered) throws Exception {
    Optional<Watch.Asked> asked = watch.begin();
    Thread.sleep(server);
    Duration left = SERVER.minus(server);
    return watch.end(asked, answered, Deadline.in(left.compareTo(LATE) < 0 ? LATE : left));
  }

  @Test
  @DisplayName("postgres/S4: of a frozen server's machine the second look knows all, in time")
  void frozen() throws Exception {
    assertThat(look(AT_ONCE, true)).containsExactly("files");
    assertThat(look(AT_ONCE, true)).containsExactly("process");

    long began = System.nanoTime();
    assertThatThrownBy(() -> look(SERVER, false)).isInstanceOf(SshFailure.class);
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(SERVER.plus(FILES));
    for (int i = 0; i < 3; i++) {
      assertThat(look(SERVER, false)).containsExactly("files");
    }
  }

  @Test
  @DisplayName("Once the server answers again, only what is cheap is asked for")
  void thawed() throws Exception {
    look(AT_ONCE, true);
    assertThatThrownBy(() -> look(SERVER, false)).isInstanceOf(SshFailure.class);
    look(SERVER, false);
    look(SERVER, true);
    look(AT_ONCE, true);
    assertThat(gate.heard.getLast()).doesNotContain("whole");
  }
}
