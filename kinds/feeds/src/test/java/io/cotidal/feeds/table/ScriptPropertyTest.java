package io.cotidal.feeds.table;

import static io.cotidal.feeds.table.ScriptTest.GOOD;
import static io.cotidal.feeds.table.ScriptTest.read;
import static io.cotidal.feeds.table.ScriptTest.sql;
import static io.cotidal.feeds.table.ScriptTest.tokens;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.DisplayName;

/** Whatever a dump says: what is read is said anew, and no more. */
@DisplayName("Any script of a dump")
final class ScriptPropertyTest {
  @Property(tries = 2000)
  void whatIsReadIsReadAgain(@ForAll @StringLength(max = 60) String text) {
    again(text);
  }

  @Property(tries = 2000)
  void sqlIsReadAgain(@ForAll("words") String text) {
    again(text);
  }

  /** Said anew, it reads the same, and is one statement. */
  private static void again(String text) {
    try {
      List<Token> once = tokens(text);
      // A question mark is doubled for the driver.
      if (!once.isEmpty() && once.stream().noneMatch(each -> each.sql().contains("??"))) {
        assertThat(tokens(Token.sql(once))).isEqualTo(once);
      }
    } catch (BadDump e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  @Provide
  Arbitrary<String> words() {
    return Arbitraries.of(
            "select", "a", "\"", "'", "''", "E'", "\\", "\\'", "$$", "--", "/*", "*/", "(", ")",
            ",", ".", "::", ":", "\n", "1", "1e5", "-", "+", "é", "\"x\"", "'y'", " ", ";", "?",
            "|", "U&'")
        .list()
        .ofMaxSize(12)
        .map(parts -> String.join("", parts));
  }

  /** However a good script is bent, what comes out is about our table, and is single statements. */
  @Property(tries = 3000)
  void bentScripts(
      @ForAll("evil") String evil,
      @ForAll @IntRange(max = 3000) int at,
      @ForAll @IntRange(max = 12) int length) {
    int from = Math.min(at, GOOD.length());
    int to = Math.min(GOOD.length(), from + length);
    String bent = GOOD.substring(0, from) + evil + GOOD.substring(to);
    try {
      for (String sql : sql(read(bent))) {
        assertThat(sql).matches(OURS);
        String bare = bare(sql);
        assertThat(bare)
            .doesNotContain(";")
            .doesNotContain("--")
            .doesNotContain("/*")
            .doesNotContain("'");
      }
    } catch (BadDump | IOException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  /** Without what stands in quotes, as PostgreSQL reads it. */
  private static String bare(String sql) {
    StringBuilder bare = new StringBuilder();
    int i = 0;
    while (i < sql.length()) {
      char quote = sql.charAt(i);
      boolean escapes = quote == '\'' && bare.toString().endsWith(" E");
      i++;
      if (quote != '\'' && quote != '"') {
        bare.append(quote);
        continue;
      }
      boolean inside = true;
      while (inside) {
        char each = sql.charAt(i);
        boolean doubled = each == quote && i + 1 < sql.length() && sql.charAt(i + 1) == quote;
        boolean escape = escapes && each == '\\';
        inside = each != quote || doubled;
        i += doubled || escape ? 2 : 1;
      }
    }
    return bare.toString();
  }

  private static final Pattern OURS =
      Pattern.compile(
          "(CREATE TABLE|ALTER TABLE|COMMENT ON TABLE|COMMENT ON COLUMN|COPY|CREATE SEQUENCE|ALTER SEQUENCE|"
              + "SELECT pg_catalog.setval\\(' ?|CREATE (UNIQUE )?INDEX \"([^\"]|\"\")*\" ON)"
              + " ?'?\"sites_data\"\\.\"([^\"]|\"\")*__g1\".*",
          Pattern.DOTALL);

  @Provide
  Arbitrary<String> evil() {
    return Arbitraries.of(
        "",
        ";",
        "'",
        "\"",
        "';",
        "\";",
        ");",
        "; DROP TABLE x;",
        "'; DROP TABLE x; --",
        "$$",
        "--",
        "/*",
        "*/",
        "\\",
        "\\.\n",
        "\n\\.\n",
        "(",
        ")",
        ",",
        ".",
        "other",
        "sites_data.other",
        "::",
        "E'",
        "\0",
        "\n",
        "(SELECT 1)",
        "evil()",
        "pg_catalog.pg_ls_dir('.')",
        "parcels",
        "' || evil() || '");
  }

  @Property
  void rowsComeOutAsTheyWentIn(
      @ForAll @Size(max = 30) List<@StringLength(max = 20) String> values,
      @ForAll @IntRange(min = 1, max = 9) int step)
      throws Exception {
    StringBuilder rows = new StringBuilder();
    for (String value : values) {
      String row = value.replace("\n", "\\n").replace("\0", "");
      rows.append(row.equals("\\.") ? "\\\\." : row).append('\n');
    }
    byte[] all = ("\n" + rows + "\\.\nSET x = 1;").getBytes(StandardCharsets.UTF_8);
    Script script = new Script(new Trickle(all, step));
    try (InputStream read = script.rows()) {
      assertThat(new String(read.readAllBytes(), StandardCharsets.UTF_8))
          .isEqualTo(
              new String(rows.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
    }
    assertThat(script.next()).hasSize(4);
  }

  /** Gives a few bytes at a time. */
  private static final class Trickle extends InputStream {
    private final ByteArrayInputStream bytes;
    private final int step;

    Trickle(byte[] bytes, int step) {
      this.bytes = new ByteArrayInputStream(bytes);
      this.step = step;
    }

    @Override
    public int read() {
      return bytes.read();
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      return bytes.read(target, offset, Math.min(step, length));
    }
  }

  @Property
  void namesFit(@ForAll @NotEmpty @StringLength(max = 70) String name) {
    String generated = Names.of(name, "g12");
    assertThat(generated).endsWith("__g12");
    assertThat(generated.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(63);
  }

  @Example
  void longNamesStayApart() {
    String name = "a".repeat(60);
    assertThat(Names.of(name + "1", "g1")).isNotEqualTo(Names.of(name + "2", "g1")).hasSize(63);
    assertThat(Names.without(Names.of("parcels", "g1"), "g1")).isEqualTo("parcels");
    assertThat(Names.generation("adopted")).isFalse();
    assertThat(Names.generation("g1; DROP")).isFalse();
  }
}
