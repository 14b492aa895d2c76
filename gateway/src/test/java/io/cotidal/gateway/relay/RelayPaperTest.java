package io.cotidal.gateway.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.model.MemberId;
import io.cotidal.model.Secret;
import io.cotidal.objects.names.Timestamp;
import io.cotidal.objects.state.Act;
import io.cotidal.objects.state.Decision;
import io.cotidal.objects.state.Policies;
import io.cotidal.objects.state.Situation;
import io.cotidal.remote.http.kept.Header;
import io.cotidal.remote.http.kept.Headers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
@DisplayName("what the relay decides on paper")
final class RelayPaperTest {
  private static final MemberId EAST = new MemberId("east");
  private static final MemberId WEST = new MemberId("west");
  private static final MemberId NORTH = new MemberId("north");

  @Test
  @DisplayName("pauses grow to a limit, and are never the same for all")
  void backoff() {
    long seed = System.nanoTime();
    Random chance = new Random(seed);
    Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5));
    for (int failures = 1; failures < 200; failures++) {
      long whole = Math.min(5_000, 100L << Math.min(failures - 1, 20));
      for (int i = 0; i < 20; i++) {
        assertThat(backoff.pause(failures, chance).toMillis())
            .as("seed %d", seed)
            .isBetween(whole / 2, whole);
      }
    }
  }

  @Test
  @DisplayName("a site rests longer each time, one failure at a time, until it answers")
  void rests() {
    Rests rests = new Rests(new Random(1));
    long now = 0;
    rests.failed(EAST, "gone", now);
    assertThat(rests.now(now)).containsEntry(EAST, "gone");
    long first = rests.until(List.of(EAST), now);
    assertThat(first).isPositive();
    // Those that failed beside it say nothing new.
    rests.failed(EAST, "gone", now + 1);
    assertThat(rests.until(List.of(EAST), now)).isEqualTo(first);
    long pause = first;
    now = first;
    for (int i = 0; i < 12; i++) {
      assertThat(rests.now(now)).isEmpty();
      // One asks for all; the others wait for what it hears.
      assertThat(rests.now(now)).containsEntry(EAST, "gone");
      rests.failed(EAST, "gone", now);
      long next = rests.until(List.of(EAST), now);
      pause = next - now;
      now = next;
    }
    assertThat(Duration.ofNanos(pause)).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2));
    assertThat(rests.until(List.of(EAST, WEST), now)).isEqualTo(now);
    assertThat(rests.until(List.of(), now)).isEqualTo(now);
    assertThat(rests.now(now)).isEmpty();
    rests.answered(EAST);
    assertThat(rests.until(List.of(EAST), now)).isEqualTo(now);
    assertThat(rests.now(now)).isEmpty();
  }

  @Test
  @DisplayName("who asks for all and never tells is not waited for without end")
  void restsWithoutAWord() {
    Rests rests = new Rests(new Random(1));
    rests.failed(EAST, "gone", 0);
    long first = rests.until(List.of(EAST), 0);
    assertThat(rests.now(first)).isEmpty();
    long next = rests.until(List.of(EAST), first);
    assertThat(next - first).isLessThanOrEqualTo(Duration.ofSeconds(10).toNanos());
    assertThat(rests.now(next - 1)).containsEntry(EAST, "gone");
    assertThat(rests.now(next)).isEmpty();
  }

  private static AccountState state(String... namesAndValues) {
    Headers headers = Headers.NONE;
    for (int i = 0; i < namesAndValues.length; i += 2) {
      headers = headers.with(namesAndValues[i], namesAndValues[i + 1]);
    }
    return AccountState.of(headers);
  }

  @Test
  @DisplayName(
      "an account is its metadata and its access list, and nothing that counts or dates it")
  void accountState() {
    AccountState from =
        state(
            "X-Account-Meta-Colour", "blue",
            "X-Account-Meta-Temp-URL-Key", "canary",
            "X-Account-Meta-Orig-Cluster", "x",
            "X-Account-Bytes-Used", "12",
            "X-Timestamp", "1.0",
            "X-Account-Meta-Empty", "");
    assertThat(from.headers().keySet())
        .containsExactly("x-account-meta-colour", "x-account-meta-temp-url-key");
    AccountState to =
        state("x-account-meta-colour", "red", "X-Account-Access-Control", "{\"admin\":[]}");
    List<Headers> changes = from.changes(to);
    assertThat(changes).hasSize(2);
    assertThat(changes.getFirst().list())
        .containsExactly(new Header("x-account-meta-temp-url-key", ""));
    assertThat(changes.getLast().list())
        .containsExactlyInAnyOrder(
            new Header("x-account-meta-colour", "red"),
            new Header("x-account-access-control", "{\"admin\":[]}"));
    assertThat(from.changes(from)).isEmpty();
    assertThat(from.mark("a")).isEqualTo(from.mark("a")).isNotEqualTo(from.mark("b"));
    assertThat(from.mark("a")).isNotEqualTo(to.mark("a"));
    assertThat(from + from.mark("a")).doesNotContain("canary");
  }

  private static AccountChoice choice(
      String before, String east, String west, String north, long... stamps) {
    Map<MemberId, String> marks = new LinkedHashMap<>();
    marks.put(EAST, east);
    marks.put(WEST, west);
    marks.put(NORTH, north);
    Map<MemberId, Timestamp> known = new LinkedHashMap<>();
    List<MemberId> sites = List.of(EAST, WEST, NORTH);
    for (int i = 0; i < stamps.length; i++) {
      if (stamps[i] > 0) {
        known.put(sites.get(i), new Timestamp(stamps[i]));
      }
    }
    return AccountChoice.of(new AccountChoice.Known(EAST, before, marks, known));
  }

  @Test
  @DisplayName("of an account's changes the latest holds; what nobody changed is no change")
  void accountChoice() {
    assertThat(choice("p", "q", "p", "p", 5)).isEqualTo(new AccountChoice(EAST, List.of()));
    assertThat(choice("p", "q", "q", "p", 5)).isEqualTo(new AccountChoice(EAST, List.of()));
    assertThat(choice("p", "p", "p", "p", 5)).isEqualTo(new AccountChoice(EAST, List.of()));
    assertThat(choice("p", "p", "r", "p", 5)).isEqualTo(new AccountChoice(WEST, List.of()));
    assertThat(choice("p", "q", "r", "p", 5, 4)).isEqualTo(new AccountChoice(EAST, List.of(WEST)));
    assertThat(choice("p", "q", "r", "p", 5, 6)).isEqualTo(new AccountChoice(WEST, List.of(EAST)));
    assertThat(choice("p", "q", "r", "p", 5)).isEqualTo(new AccountChoice(EAST, List.of(WEST)));
    assertThat(choice("p", "q", "r", "s", 5, 6, 7))
        .isEqualTo(new AccountChoice(NORTH, List.of(EAST, WEST)));
    assertThat(choice("p", "q", "r", "s", 5, 5, 5))
        .isEqualTo(new AccountChoice(EAST, List.of(WEST, NORTH)));
    assertThat(choice("", "q", "q", "q", 5)).isEqualTo(new AccountChoice(EAST, List.of()));
    assertThat(choice("", "q", "r", "q", 5, 6)).isEqualTo(new AccountChoice(WEST, List.of(EAST)));
  }

  private static Decision blind(PaperSites sites, long... stamps) {
    Map<MemberId, Timestamp> known = new LinkedHashMap<>();
    for (int i = 0; i < stamps.length; i++) {
      known.put(sites.names.get(i), new Timestamp(stamps[i]));
    }
    return new Reckoning(PaperGateway.BOX, EAST, false, Optional.empty())
        .decide(
            sites.look(EAST),
            known,
            new Situation.Terms(
                new Timestamp(9), Duration.ofDays(1), new Secret("k"), Policies.of(List.of())));
  }

  @Test
  @DisplayName("what was deleted here without anybody knowing what it was is deleted nowhere else")
  void blindDeletion() {
    PaperSites sites = new PaperSites(List.of(EAST, WEST));
    sites.put(WEST, Map.of("x-container-meta-a", "1"));
    Decision decision = blind(sites, 5);
    assertThat(decision.acts())
        .singleElement()
        .satisfies(act -> assertThat(act).isInstanceOf(Act.Hold.class));
    assertThat(decision.agreed()).isEmpty();
    sites.delete(WEST);
    assertThat(blind(sites, 5).settled()).isTrue();
  }

  @Test
  @DisplayName("what was changed here without anybody knowing what it was goes by its stamp")
  void blindChange() {
    PaperSites sites = new PaperSites(List.of(EAST, WEST));
    sites.put(EAST, Map.of("x-container-meta-a", "east", "x-container-sync-key", "k"));
    assertThat(blind(sites, 5).acts())
        .singleElement()
        .satisfies(act -> assertThat(act).isInstanceOf(Act.Create.class));
    sites.put(WEST, Map.of("x-container-meta-a", "west", "x-container-sync-key", "k"));
    assertThat(blind(sites, 5, 4).acts()).extracting(Act::site).containsExactly(WEST);
    assertThat(blind(sites, 5, 6).acts()).extracting(Act::site).containsExactly(EAST);
    assertThat(blind(sites, 5, 6).overruled())
        .singleElement()
        .satisfies(each -> assertThat(each.loser()).isEqualTo(EAST));
    Reckoning reckoning = new Reckoning(PaperGateway.BOX, EAST, false, Optional.empty());
    assertThat(reckoning.beside(sites.look(EAST))).containsExactly(WEST);
    sites.put(WEST, Map.of("x-container-meta-a", "east"));
    assertThat(reckoning.beside(sites.look(EAST))).isEmpty();
  }
}
