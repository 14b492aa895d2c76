package io.cotidal.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class HostileTextTest {
  private static final String CANARY = "hunter2canary";

  @Property(tries = 1_000)
  void anyTextGivesAConfigurationOrProblems(@ForAll("texts") String text) {
    assertTame(Examples.parse(text, Map.of("listen", text), Map.of("COT_STORE", text)));
  }

  @Provide
  Arbitrary<String> texts() {
    Arbitrary<String> words =
        Arbitraries.of(
            "listen",
            "postgres",
            "members",
            ":",
            ": ",
            "\n",
            "\n  ",
            "- ",
            "{",
            "}",
            "[",
            "]",
            ",",
            "&a ",
            "*a",
            "!!java ",
            "!<x> ",
            "<<: ",
            "\"",
            "'",
            "|\n",
            ">\n",
            "%YAML 1.2\n",
            "---\n",
            "...",
            "#",
            "? ",
            "\t",
            "@",
            "`",
            "\u0000",
            "\ud800",
            "\u2028",
            "\ufeff",
            "9",
            "~");
    return Arbitraries.oneOf(
        Arbitraries.strings().ofMaxLength(80),
        words.list().ofMaxSize(40).map(each -> String.join("", each)));
  }

  @Property(tries = 1_000)
  void aSpoiltConfigurationGivesAConfigurationOrProblems(
      @ForAll("texts") String text,
      @ForAll @IntRange(max = 900) int at,
      @ForAll @IntRange(max = 60) int gone) {
    int from = Math.min(at, Examples.GOOD.length());
    int to = Math.min(from + gone, Examples.GOOD.length());
    assertTame(
        Examples.parse(Examples.GOOD.substring(0, from) + text + Examples.GOOD.substring(to)));
  }

  @Property(tries = 500)
  void noMessageShowsASecretThatStandsInTheWrongPlace(@ForAll("misplaced") String password) {
    String text = Examples.GOOD.replace("{secret: \"env:ORDERS\"}", password);
    Loaded loaded = Examples.parse(text);
    assertThat(loaded).isInstanceOf(Loaded.Invalid.class);
    assertThat(loaded.toString()).doesNotContain(CANARY);
  }

  /** The ways to write a value where a reference belongs, well-formed and not. */
  @Provide
  Arbitrary<String> misplaced() {
    Arbitrary<String> marks =
        Arbitraries.of(
            "",
            "{",
            "}",
            "[",
            "]",
            "'",
            "\"",
            "!",
            "&",
            "*",
            ": ",
            ", ",
            "|",
            "@",
            "%",
            "\\q",
            "? ",
            "- ",
            "{secret: ",
            "{secret: env:",
            "#");
    return Combinators.combine(marks.list().ofMaxSize(3), marks.list().ofMaxSize(3))
        .as((before, after) -> String.join("", before) + CANARY + String.join("", after))
        .filter(text -> !text.contains("#"));
  }

  private static void assertTame(Loaded loaded) {
    List<String> lines = Examples.lines(loaded);
    assertThat(loaded instanceof Loaded.Valid || !lines.isEmpty()).isTrue();
    assertThat(lines)
        .hasSizeLessThanOrEqualTo(101)
        .allSatisfy(line ->
            assertThat(line)
                .hasSizeLessThan(1_000)
                .doesNotContain("\n", "\r", "\u0000", "\u001b", "\u2028"));
  }
}
