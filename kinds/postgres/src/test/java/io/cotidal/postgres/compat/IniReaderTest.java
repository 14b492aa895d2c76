package io.cotidal.postgres.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(20)
class IniReaderTest {
  private static Foreign.Text text(String text) {
    return new Foreign.Text(text);
  }

  @Test
  @DisplayName(
      "sections nest by their brackets; quotes, lists, comments and long texts are ConfigObj's")
  void dialect() throws UnreadableFile {
    Foreign.Group root =
        IniReader.read(
            """
            # a comment
            top = 1
            [handyrep]
                cluster_name = "hr 1"   # with quotes
                log_file = stdout#at once
                'odd key' = it's
                empty =
                list = a, "b, c" , 'd'
                one = a,
                none = ,
                long = '''first
              second''' # after
                home = /srv/%(cluster)s
                cluster = pg
            [servers]
              [[one]]
                hostname = a.example.org
                [[[deeper]]]
                  x = y
              [[two]]
                hostname = "b"
            [plugins]
            """);
    Foreign.Group general = root.group("handyrep");
    assertThat(root.entries().get("top")).isEqualTo(text("1"));
    assertThat(general.entries())
        .containsAllEntriesOf(
            Map.of(
                "cluster_name", text("hr 1"),
                "log_file", text("stdout"),
                "odd key", text("it's"),
                "empty", text(""),
                "list", new Foreign.Texts(List.of("a", "b, c", "d")),
                "one", new Foreign.Texts(List.of("a")),
                "none", new Foreign.Texts(List.of()),
                "long", text("first\n  second"),
                "home", text("/srv/pg")));
    Foreign.Group servers = root.group("servers");
    assertThat(servers.entries().keySet()).containsExactly("one", "two");
    assertThat(servers.group("one").group("deeper").entries()).containsEntry("x", text("y"));
    assertThat(servers.group("two").text("hostname")).contains("b");
    assertThat(root.group("plugins")).isEqualTo(Foreign.Group.EMPTY);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          nothing here | line 1: is neither
          [one       | line 1: is no section
          [[two]]    | line 1: skips a level
          [[[[[x]]]]] | line 1: is nested more
          a = 1~a = 2 | line 2: repeats a key
          [s]~[s]    | line 2: repeats a key
          a = "x     | line 1: has a quote
          a = "x" y  | line 1: goes on behind
          a = ,,     | line 1: has a comma
          a = ,b,,c  | line 1: has a comma
          a = '''x~y | line 2: begins a text
          a = %(b)s  | a reference
          a = %(a)s  | its references
          """)
  @DisplayName("what ConfigObj refuses is refused in one line with its number")
  void refused(String text, String begin) {
    assertThatThrownBy(() -> IniReader.read(text.replace('~', '\n')))
        .isInstanceOf(UnreadableFile.class)
        .hasMessageStartingWith(begin)
        .message()
        .doesNotContain("\n");
  }

  @Test
  @DisplayName("hostile sizes end at once, in one line")
  void hostile() {
    assertThatThrownBy(() -> IniReader.read("#".repeat(IniReader.MOST_CHARACTERS + 1)))
        .isInstanceOf(UnreadableFile.class)
        .hasMessageContaining("more than");
    assertThatThrownBy(() -> IniReader.read("[".repeat(200_000) + "x" + "]".repeat(200_000)))
        .isInstanceOf(UnreadableFile.class);
    String bomb = "a0 = xxxxxxxxxx\n";
    StringBuilder bombs = new StringBuilder(bomb);
    for (int i = 1; i < 12; i++) {
      bombs.append("a%d = %s\n".formatted(i, ("%(a" + (i - 1) + ")s").repeat(10)));
    }
    assertThatThrownBy(() -> IniReader.read(bombs.toString())).isInstanceOf(UnreadableFile.class);
  }

  @Property(tries = 2_000)
  void anyTextIsReadOrRefusedInOneLine(@ForAll @StringLength(max = 200) String text) {
    try {
      assertThat(IniReader.read(text)).isNotNull();
    } catch (UnreadableFile e) {
      assertThat(e.getMessage()).doesNotContain("\n").isNotBlank();
    }
  }
}
