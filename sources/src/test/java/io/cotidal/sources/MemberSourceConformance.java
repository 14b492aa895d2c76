package io.cotidal.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cotidal.engine.MemberSource;
import io.cotidal.model.Found;
import io.cotidal.model.SourceAnswer;
import io.cotidal.model.SourceAnswer.Members;
import io.cotidal.model.SourceAnswer.Unavailable;
import io.cotidal.sources.spec.Habits;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every source of members keeps to, whatever it reads. */
@Timeout(120)
abstract class MemberSourceConformance {
  /** As long as a busy machine may take for what is done at once. */
  static final Duration LONG = Duration.ofSeconds(30);

  private static final Habits HABITS =
      new Habits(Duration.ofMillis(200), Duration.ofSeconds(3), false);

  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private World world;
  private MemberSource source;

  /** A world that names nobody yet. */
  abstract World world() throws Exception;

  @BeforeEach
  void open() throws Exception {
    world = world();
    source = new Sources(executor).open(world.spec(HABITS));
  }

  @AfterEach
  void close() throws Exception {
    source.close();
    world.close();
    executor.shutdownNow();
  }

  static List<String> hosts(SourceAnswer answer) {
    assertThat(answer).isInstanceOf(Members.class);
    return ((Members) answer)
        .found().stream().map(one -> one.attributes().get("host", "")).sorted().toList();
  }

  /** The first answer that differs from the one before. */
  private SourceAnswer next() {
    return source.ask(LONG);
  }

  /** Asks until there is an answer of that sort. */
  private <T extends SourceAnswer> T until(Class<T> sort) {
    SourceAnswer answer = next();
    while (!sort.isInstance(answer)) {
      answer = next();
    }
    return sort.cast(answer);
  }

  @Test
  @DisplayName("It names the members, and who comes and goes is told without being asked again")
  void follows() throws Exception {
    world.names("10.0.0.1", "10.0.0.2");
    assertThat(hosts(next())).containsExactly("10.0.0.1", "10.0.0.2");
    world.names("10.0.0.1", "10.0.0.2", "10.0.0.3");
    assertThat(hosts(until(Members.class))).containsExactly("10.0.0.1", "10.0.0.2", "10.0.0.3");
    world.names("10.0.0.3", "10.0.0.2");
    assertThat(hosts(until(Members.class))).containsExactly("10.0.0.2", "10.0.0.3");
  }

  @Test
  @DisplayName("directory/D3: unavailable is never empty, and says where, why and what to do")
  void unavailableIsNotEmpty() throws Exception {
    world.names("10.0.0.1");
    assertThat(hosts(next())).containsExactly("10.0.0.1");
    world.fails();
    Unavailable answer = until(Unavailable.class);
    assertThat(answer.reason()).contains(": ").doesNotContain("\n");
    world.names("10.0.0.1", "10.0.0.2");
    assertThat(hosts(until(Members.class))).containsExactly("10.0.0.1", "10.0.0.2");
  }

  @Test
  @DisplayName("directory/D3: an empty answer is not believed unless the operator says so")
  void emptyIsNotBelieved() throws Exception {
    world.names();
    assertThat(next()).isInstanceOf(Unavailable.class);
  }

  @Test
  @DisplayName("directory/D3: a source that hangs is unavailable when patience ends, not later")
  void deadlineIsKept() throws Exception {
    world.names("10.0.0.1");
    assertThat(hosts(next())).containsExactly("10.0.0.1");
    world.hangs();
    long begun = System.nanoTime();
    SourceAnswer answer = source.ask(Duration.ofMillis(400));
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(4));
    assertThat(answer).isNotEqualTo(new Members(List.of()));
    assertThat(until(Unavailable.class).reason()).isNotEmpty();
  }

  @Test
  @DisplayName("Without news it says the same again when patience ends")
  void patienceEnds() throws Exception {
    world.names("10.0.0.1");
    SourceAnswer first = next();
    assertThat(source.ask(Duration.ofMillis(700))).isEqualTo(first);
  }

  @Test
  @DisplayName("News is heard though there is less patience than one question may take")
  void impatience() throws Exception {
    world.names("10.0.0.1");
    SourceAnswer first = next();
    Duration patience = HABITS.timeout().minusSeconds(1);
    CompletableFuture<SourceAnswer> heard =
        CompletableFuture.supplyAsync(
            () -> {
              SourceAnswer answer = source.ask(patience);
              while (answer.equals(first)) {
                answer = source.ask(patience);
              }
              return answer;
            },
            executor);
    long changed = System.nanoTime();
    world.names("10.0.0.1", "10.0.0.2");
    assertThat(hosts(heard.get(LONG.toSeconds(), TimeUnit.SECONDS))).hasSize(2);
    assertThat(Duration.ofNanos(System.nanoTime() - changed)).isLessThan(patience);
  }

  @Test
  @DisplayName("Closing ends an ask that waits")
  void closeEndsAnAsk() throws Exception {
    world.names("10.0.0.1");
    until(Members.class);
    CompletableFuture<SourceAnswer> waiting =
        CompletableFuture.supplyAsync(() -> source.ask(Duration.ofMinutes(10)), executor);
    source.close();
    assertThat(waiting.get(LONG.toSeconds(), TimeUnit.SECONDS)).isInstanceOf(Unavailable.class);
    assertThat(source.ask(LONG)).isInstanceOf(Unavailable.class);
  }

  @Test
  @DisplayName("Closing ends an ask whose source hangs")
  void closeEndsAHang() throws Exception {
    world.hangs();
    CompletableFuture<SourceAnswer> waiting =
        CompletableFuture.supplyAsync(() -> source.ask(Duration.ofMinutes(10)), executor);
    source.close();
    assertThat(waiting.get(LONG.toSeconds(), TimeUnit.SECONDS)).isInstanceOf(Unavailable.class);
  }

  @Test
  @DisplayName("An interrupt ends an ask, and is still to be seen")
  void interrupted() throws Exception {
    world.names("10.0.0.1");
    until(Members.class);
    CompletableFuture<Boolean> seen = new CompletableFuture<>();
    Thread asking =
        Thread.ofVirtual()
            .start(() -> {
              source.ask(Duration.ofMinutes(10));
              seen.complete(Thread.currentThread().isInterrupted());
            });
    await().atMost(LONG).until(() -> asking.getState() != Thread.State.NEW);
    asking.interrupt();
    assertThat(seen.get(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }

  @Test
  @DisplayName("It says what it is, on one line")
  void describes() {
    assertThat(source.describe()).isNotBlank().doesNotContain("\n");
  }

  static List<String> names(SourceAnswer answer) {
    return ((Members) answer).found().stream().map(Found::id).map(Object::toString).toList();
  }
}
