package io.cotidal.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

@Timeout(60)
@DisplayName("YAML")
class YamlTest {
  private static Object read(String yaml) {
    return new Load(LoadSettings.builder().build()).loadFromString(yaml);
  }

  @Property(tries = 500)
  @Label("What is written reads back as the same value")
  void roundTrip(@ForAll("values") Object value) {
    assertThat(read(Yaml.of(value))).isEqualTo(value);
  }

  @Property(tries = 1000)
  @Label("A text reads back as a text, whatever it looks like")
  void texts(@ForAll("texts") String text) {
    assertThat(read(Yaml.of(List.of(text, Map.of(text, text)))))
        .isEqualTo(List.of(text, Map.of(text, text)));
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.oneOf(
        Arbitraries.strings().ofMaxLength(12).filter(YamlTest::hasWholeCharacters),
        Arbitraries.strings().withChars(" -:#'\"\\{}[],&*!|>%@`?\n\t\r0e.~ayn=<").ofMaxLength(8),
        Arbitraries.of(
            "null",
            "yes",
            "No",
            "1e3",
            "0x1f",
            "1_000",
            "2026-11-21",
            "---",
            "- a",
            "a: b",
            "a #b",
            "",
            "\uFEFFx",
            "\u2028",
            "\u0085",
            "é",
            "日本",
            "😀"));
  }

  /** Half a surrogate pair is no text: JSON from the server cannot hold one in UTF-8. */
  private static boolean hasWholeCharacters(String text) {
    return text.codePoints().noneMatch(it -> it >= 0xd800 && it <= 0xdfff);
  }

  @Provide
  Arbitrary<Object> values() {
    return values(3);
  }

  /** Of a bounded depth: without a bound the expected size of a value is infinite. */
  private Arbitrary<Object> values(int depth) {
    Arbitrary<Object> scalars =
        Arbitraries.oneOf(
            texts().map(it -> (Object) it),
            Arbitraries.integers().map(it -> (Object) it),
            Arbitraries.of(true, false).map(it -> (Object) it));
    if (depth == 0) {
      return scalars;
    }
    Arbitrary<Object> inner = values(depth - 1);
    return Arbitraries.oneOf(
        scalars,
        inner.list().ofMaxSize(3).map(it -> (Object) new ArrayList<>(it)),
        Arbitraries.maps(texts(), inner).ofMaxSize(3).map(it -> (Object) new LinkedHashMap<>(it)));
  }

  @Test
  @DisplayName("Nulls and empty collections")
  void empty() {
    assertThat(Yaml.of(null)).isEqualTo("null\n");
    assertThat(Yaml.of(Map.of())).isEqualTo("{}\n");
    assertThat(Yaml.of(List.of(List.of(), List.of(1)))).isEqualTo("- []\n-\n  - 1\n");
  }
}
