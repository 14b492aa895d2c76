package io.cotidal.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(10)
class ModelTest {
  @ParameterizedTest
  @ValueSource(strings = {"a", "0", "orders", "pg-1.example_x", "a.b.c", "a--b", "x."})
  void goodNames(String name) {
    assertThat(Names.check("name", name)).isEqualTo(name);
  }

  @ParameterizedTest
  @DisplayName("Names that could mean something to a shell, a path, SQL or a URL are refused")
  @ValueSource(
      strings = {
        "", " ", "A", ".", "..", ".a", "-rf", "_a", "a..b", "a/b", "a\\b", "a b", "a\n", "a\u0000",
        "a'", "a\"", "a;b", "$(a)", "`a`", "a%2f", "ä", "а", "a\u200b", "a@b", "a#1", "a:b", "a*"
      })
  void hostileNames(String name) {
    assertThat(Names.valid(name)).isFalse();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MemberId(name))
        .withMessageContaining("a-z 0-9");
  }

  @Test
  void longestName() {
    assertThat(Names.valid("a".repeat(63))).isTrue();
    assertThat(Names.valid("a".repeat(64))).isFalse();
  }

  @Property(tries = 500)
  void aNameThatIsTakenHoldsNothingElse(@ForAll String name) {
    if (Names.valid(name)) {
      assertThat(name).matches("[a-z0-9][a-z0-9._-]{0,62}").doesNotContain("..");
    }
  }

  @Property(tries = 500)
  void aRefusalIsOneLine(@ForAll String text) {
    oneLine(() -> ResourceId.parse(text));
    oneLine(() -> OperationId.parse(text));
    oneLine(() -> Stamp.parse(text));
    oneLine(() -> new MemberId(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "orders",
        "/",
        "postgres/",
        "/orders",
        "a/b/c",
        "a/b#",
        "a/b#x",
        "#1",
        "a#1",
        "a/b#1#2",
        "a\nb",
        "a/b\nc",
        "a/b\u001b[31m#1",
        "a/b#99999999999999999999",
        "a/b#-1",
        "a/b#+1",
        "a/b#0"
      })
  void operationsThatAreNone(String text) {
    oneLine(() -> OperationId.parse(text));
    assertThatIllegalArgumentException().isThrownBy(() -> OperationId.parse(text));
  }

  private static void oneLine(Runnable parse) {
    try {
      parse.run();
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage()).isNotBlank();
      assertThat(e.getMessage().chars().filter(Character::isISOControl)).isEmpty();
      assertThat(e.getMessage()).doesNotContain("For input string");
    }
  }

  @Test
  void idsReadWhatTheyPrint() {
    OperationId id = OperationId.parse("postgres/orders#17");
    assertThat(id).isEqualTo(new OperationId(new ResourceId("postgres", "orders"), 17));
    assertThat(id).hasToString("postgres/orders#17");
  }

  @Property(tries = 300)
  void stampsAreOrderedByEpochThenNumberThenTurn(
      @ForAll @Size(3) List<@LongRange(min = 0, max = 3) Long> first,
      @ForAll @Size(3) List<@LongRange(min = 0, max = 3) Long> second) {
    Stamp one = new Stamp(first.get(0), first.get(1), first.get(2));
    Stamp other = new Stamp(second.get(0), second.get(1), second.get(2));
    assertThat(one.compareTo(other)).isEqualTo(-other.compareTo(one));
    assertThat(one.refuses(other)).isEqualTo(other.compareTo(one) < 0);
    assertThat(one.refuses(one)).isFalse();
    if (one.epoch() != other.epoch()) {
      assertThat(one.refuses(other)).isEqualTo(other.epoch() < one.epoch());
    } else if (one.number() != other.number()) {
      assertThat(one.refuses(other)).isEqualTo(other.number() < one.number());
    }
    assertThat(Stamp.parse(one.toString())).isEqualTo(one);
  }

  @Test
  void changesOfTheLedger() {
    Details before = Details.of("k", 1).with("quorum", "b,c").with("primary", "a");
    Details changes =
        Details.of("primary", "b").with("timeline", "@timeline").with("quorum", "").with("x", "@y");
    assertThat(before.changed(changes, Details.of("timeline", 7)))
        .isEqualTo(Details.of("k", 1).with("primary", "b").with("timeline", "7"));
    assertThat(before.changed(Details.NONE, Details.of("timeline", 7))).isEqualTo(before);
    assertThat(before).as("the old value is untouched").isEqualTo(before.with("k", 1));
  }

  @Test
  @DisplayName("An exclusive lock on the resource excludes every other; members exclude themselves")
  void locks() {
    Lock a = Lock.member(new MemberId("a"));
    Lock b = Lock.member(new MemberId("b"));
    assertThat(Lock.resource().conflicts(a)).isTrue();
    assertThat(a.conflicts(Lock.resource())).isTrue();
    assertThat(a.conflicts(a)).isTrue();
    assertThat(a.conflicts(b)).isFalse();
    Lock shared = new Lock(Lock.RESOURCE, false);
    assertThat(shared.conflicts(shared)).isFalse();
    assertThat(shared.conflicts(a)).isTrue();
  }

  @Test
  void aSecretDoesNotPrint() {
    assertThat(new Secret("canary")).hasToString("***").isEqualTo(new Secret("canary"));
    assertThat(new Secret("canary")).isNotEqualTo(new Secret("other"));
  }
}
