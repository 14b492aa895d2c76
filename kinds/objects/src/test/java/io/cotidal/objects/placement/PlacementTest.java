package io.cotidal.objects.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.model.MemberId;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.spec.Placement;
import io.cotidal.objects.spec.Placement.Header;
import io.cotidal.objects.spec.Placement.Rule;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
@DisplayName("which container lies where, and what a change of the rules would move")
final class PlacementTest {
  private static final MemberId A = new MemberId("a");
  private static final MemberId B = new MemberId("b");
  private static final MemberId C = new MemberId("c");
  private static final List<MemberId> ALL = List.of(A, B, C);

  private static Rules rules(Rule... rules) {
    return new Rules(new Placement(List.of(rules)), ALL);
  }

  private static Rule rule(String account, String container, MemberId... sites) {
    return new Rule(
        Optional.of(account).filter(each -> !each.isEmpty()),
        Optional.of(container).filter(each -> !each.isEmpty()),
        Optional.empty(),
        Optional.empty(),
        List.of(sites));
  }

  private static Subject subject(String account, String container) {
    return Subject.named(new ContainerName(account, container));
  }

  @Test
  @DisplayName("the first rule that fits decides; what fits none lies everywhere")
  void first() {
    Rules rules =
        rules(rule("AUTH_eu*", "", C, A), rule("AUTH_us", "logs*", B), rule("AUTH_us", "", A, B));
    assertThat(rules.sites(subject("AUTH_eu_shop", "x"))).containsExactly(A, C);
    assertThat(rules.sites(subject("AUTH_us", "logs-1"))).containsExactly(B);
    assertThat(rules.sites(subject("AUTH_us", "log"))).containsExactly(A, B);
    assertThat(rules.sites(subject("AUTH_us2", "logs"))).containsExactly(A, B, C);
    assertThat(rules(rule("", "*", B)).sites(subject("x", "y"))).containsExactly(B);
    assertThat(rules(rule("", "", new MemberId("lost"))).sites(subject("x", "y")))
        .as("never nowhere")
        .containsExactly(A, B, C);
  }

  @Test
  @DisplayName("by policy, and by a header in any case")
  void state() {
    Rule gold =
        new Rule(
            Optional.empty(), Optional.empty(), Optional.of("gold"), Optional.empty(), List.of(A));
    Rule eu = header("eu", B);
    Rule any = header("*", C);
    Rules rules = rules(gold, eu, any);
    ContainerName name = new ContainerName("x", "y");
    TreeMap<String, String> region = new TreeMap<>(Map.of("x-container-meta-REGION", "eu"));
    assertThat(rules.sites(new Subject(name, "gold", region))).containsExactly(A);
    assertThat(rules.sites(new Subject(name, "tin", region))).containsExactly(B);
    region.put("x-container-meta-REGION", "us");
    assertThat(rules.sites(new Subject(name, "tin", region))).containsExactly(C);
    assertThat(rules.sites(new Subject(name, "", new TreeMap<>()))).containsExactly(A, B, C);
  }

  private static Rule header(String value, MemberId site) {
    return new Rule(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(new Header("X-Container-Meta-Region", value)),
        List.of(site));
  }

  @Test
  @DisplayName("parts of large objects lie wherever the large objects do")
  void parts() {
    Rules rules = rules(rule("", "films", A, B), rule("", "*", C));
    Subject parts = subject("x", "films_segments");
    ContainerName whole = Rules.whole(parts.name()).orElseThrow();
    assertThat(whole).isEqualTo(new ContainerName("x", "films"));
    assertThat(Rules.whole(new ContainerName("x", "b+segments")))
        .contains(new ContainerName("x", "b"));
    assertThat(Rules.whole(new ContainerName("x", "_segments"))).isEmpty();
    assertThat(Rules.whole(new ContainerName("x", "films"))).isEmpty();
    assertThat(rules.sites(parts, Optional.empty())).containsExactly(C);
    assertThat(rules.sites(parts, Optional.of(Subject.named(whole)))).containsExactly(A, B, C);
  }

  private static Stock stock(String container, Map<MemberId, Amount> at) {
    return new Stock(subject("x", container), Optional.empty(), new TreeMap<>(at));
  }

  @Test
  @DisplayName(
      "objects/S18: a dry run says what is copied where, what goes in the end, and how long it takes")
  void dryRun() {
    Rules before = rules(rule("", "", A, B));
    Rules after = rules(rule("", "keep", A, B), rule("", "", B, C));
    Amount ten = new Amount(10, 1_000_000_000);
    Amount part = new Amount(4, 400_000_000);
    Move move =
        Move.between(
            before,
            after,
            List.of(
                stock("z", Map.of(A, ten, B, ten)),
                stock("keep", Map.of(A, ten, B, ten)),
                stock("half", Map.of(A, ten, B, ten, C, part)),
                stock("only-a", Map.of(A, ten))));
    assertThat(move.resting()).isEqualTo(1);
    assertThat(move.containers())
        .extracting(each -> each.name().container() + " from " + each.from().orElseThrow())
        .containsExactly("half from b", "only-a from a", "z from b");
    assertThat(move.arriving()).isEqualTo(Map.of(C, new Amount(26, 2_600_000_000L)));
    assertThat(move.leaving()).isEqualTo(Map.of(A, new Amount(30, 3_000_000_000L)));
    assertThat(move.sites()).containsExactly(A, B, C);
    assertThat(Speed.megabytes(100).time(move.copied())).contains(Duration.ofSeconds(26));
    assertThat(new Speed(0, 5).time(move.copied())).contains(Duration.ofSeconds(6));
    assertThat(new Speed(100_000_000, 1).time(move.copied())).contains(Duration.ofSeconds(26));
    assertThat(new Speed(0, 0).time(move.copied())).isEmpty();
    assertThat(MoveText.of(move, Speed.megabytes(100)))
        .containsExactly(
            "placement: 3 containers would move, 1 stay where they are",
            "to c: 26 objects (2600000000 bytes), 26 s at least at bytes-per-second",
            "left at a: 30 objects (3000000000 bytes), kept until a withdrawal is approved",
            "x/half: 6 objects (600000000 bytes) to c, left at a",
            "x/only-a: 10 objects (1000000000 bytes) to c, left at a",
            "x/z: 10 objects (1000000000 bytes) to c, left at a");
    assertThat(Move.between(before, before, List.of(stock("z", Map.of(A, ten)))))
        .isEqualTo(new Move(List.of(), 1));
    Move nowhere = Move.between(before, after, List.of(stock("gone", Map.of())));
    assertThat(nowhere.containers().getFirst().from()).isEmpty();
    assertThat(nowhere.copied()).isEqualTo(Amount.NONE);
  }
}
