package io.cotidal.pgclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class NotationTest {
  @Property
  void positionKeepsItsText(@ForAll long position) {
    assertThat(Lsn.parse(Lsn.format(position))).isEqualTo(position);
  }

  @Test
  void positions() {
    assertThat(Lsn.format(0x16B374D848L)).isEqualTo("16/B374D848");
    assertThat(Lsn.parse("16/B374D848")).isEqualTo(0x16B374D848L);
    for (String text :
        List.of("", "/", "1/", "/1", "1", "g/0", "0/100000000", "-1/0", "0/-1", "+1/0")) {
      assertThatThrownBy(() -> Lsn.parse(text)).hasMessageContaining("two hexadecimal numbers");
    }
  }

  /** What is between the quotes can end nowhere but at the last one. */
  @Property
  void identifierStaysInItsQuotes(@ForAll @StringLength(min = 1) String name) {
    if (name.indexOf('\0') < 0) {
      String quoted = Quote.identifier(name);
      String inside = quoted.substring(1, quoted.length() - 1);
      assertThat(inside.replace("\"\"", "")).doesNotContain("\"");
      assertThat(inside.replace("\"\"", "\"")).isEqualTo(name);
    }
  }

  @Property
  void literalStaysInItsQuotes(@ForAll String value) {
    if (value.indexOf('\0') < 0) {
      String quoted = Quote.literal(value);
      boolean escaped = quoted.startsWith(" E'");
      assertThat(escaped).isEqualTo(value.indexOf('\\') >= 0);
      String inside = quoted.substring(escaped ? 3 : 1, quoted.length() - 1);
      String plain = escaped ? inside.replace("\\\\", "") : inside;
      assertThat(plain.replace("''", "")).doesNotContain("'");
      assertThat(plain).doesNotContain("\\");
    }
  }

  @Property
  void connectionStringKeepsItsValues(
      @ForAll Map<@AlphaChars @StringLength(min = 1, max = 8) String, String> parameters) {
    LinkedHashMap<String, String> clean = new LinkedHashMap<>();
    parameters.forEach((name, value) -> clean.put(name, value.replace("\0", "")));
    assertThat(Conninfo.parse(Conninfo.format(clean))).isEqualTo(clean);
  }

  @Test
  void connectionStrings() {
    assertThat(Conninfo.parse("host=a  port = 5 user='x y' pw=a\\'b"))
        .isEqualTo(Map.of("host", "a", "port", "5", "user", "x y", "pw", "a'b"));
    assertThat(Conninfo.parse("  ")).isEmpty();
    assertThatThrownBy(() -> Conninfo.parse("password='geheim"))
        .hasMessageContaining("not closed")
        .hasMessageNotContaining("geheim");
    assertThatThrownBy(() -> Conninfo.parse("geheim")).hasMessageNotContaining("geheim");
  }

  @Test
  void hostileValuesAreRefused() {
    assertThatThrownBy(() -> Quote.identifier("")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Quote.literal("a\0b")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Quote.setting("a\nport=1")).hasMessageContaining("line break");
    assertThatThrownBy(() -> Quote.passwordField("a\nb")).hasMessageContaining("line break");
    assertThat(Quote.passwordField("a:b\\c")).isEqualTo("a\\:b\\\\c");
  }
}
