package io.cotidal.feeds.filter;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class FilterPropertyTest {
  @Property(tries = 500)
  void whatIsPrintedIsReadAgain(@ForAll long seed) {
    RandomFilters random = new RandomFilters(seed);
    String text = Printed.filter(random.filter());
    Lambda read = Lambda.parse(text);
    assertThat(Printed.filter(read.body())).isEqualTo(text);
    assertThat(read.judge(random.job()).clause()).doesNotContain("\n").isNotBlank();
  }

  @Provide
  Arbitrary<String> hostile() {
    Arbitrary<String> words =
        Arbitraries.of(
            "lambda",
            " job",
            ":",
            "job",
            ".get(",
            "'",
            "\"",
            "\\",
            "[",
            "]",
            "(",
            ")",
            ",",
            "-",
            " in ",
            " not ",
            " is ",
            " and ",
            " or ",
            " if ",
            " else ",
            "None",
            "1",
            ".5",
            "1e",
            "==",
            "<",
            "!",
            "len(",
            "bool(",
            ".lower(",
            ".startswith(",
            "\n",
            "\0",
            "\ud83d",
            "é",
            "u'",
            "\\u12",
            "\\N{",
            "0x",
            "1e999");
    return Arbitraries.oneOf(
        Arbitraries.strings().ofMaxLength(40),
        words.list().ofMaxSize(30).map(all -> "lambda job:" + String.join("", all)));
  }

  @Property(tries = 2000)
  void hostileTextIsReadOrRefused(@ForAll("hostile") String text, @ForAll long seed) {
    try {
      assertThat(Filter.parse(text).judge(new RandomFilters(seed).job())).isNotNull();
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessageStartingWith("filter, line ").hasMessageNotContaining("\n");
    }
  }
}
