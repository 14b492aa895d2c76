package io.cotidal.feeds.environment;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.feeds.environment.EnvFile.Reading;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
@DisplayName("a file of variables, as honcho reads it")
class EnvFileTest {
  @Test
  void original() {
    Reading reading =
        EnvFile.read(
            """
            #Specify the slave name, used for monitor
            SLAVE_NAME="portable_slave_rocky"

                # indented
            SKIP_AUTH=true
            SPACED = yes
            FEATURE_FILTER="lambda job: job.get('auth_level',-1) in [0,1]" # which
            SINGLE='a "b" \\ #c'
            ESCAPED="a \\"b\\" \\\\ \\$c #d"
            BARE=a\\ b#comment
            JOINED=a"b c"'d'
            LINES="one\\ntwo\\tthree"
            EMPTY=
            QUOTED=""
            URL=http://a:8080/b?c=d&e
            TWICE=1
            TWICE=2
            """);
    assertThat(reading)
        .isEqualTo(
            new Reading.Valid(
                Map.ofEntries(
                    Map.entry("SLAVE_NAME", "portable_slave_rocky"),
                    Map.entry("SKIP_AUTH", "true"),
                    Map.entry("SPACED", "yes"),
                    Map.entry("FEATURE_FILTER", "lambda job: job.get('auth_level',-1) in [0,1]"),
                    Map.entry("SINGLE", "a \"b\" \\ #c"),
                    Map.entry("ESCAPED", "a \"b\" \\ \\$c #d"),
                    Map.entry("BARE", "a b"),
                    Map.entry("JOINED", "ab cd"),
                    Map.entry("LINES", "one\ntwo\tthree"),
                    Map.entry("EMPTY", ""),
                    Map.entry("QUOTED", ""),
                    Map.entry("URL", "http://a:8080/b?c=d&e"),
                    Map.entry("TWICE", "2"))));
    assertThat(reading.toString()).contains("SLAVE_NAME").doesNotContain("portable");
  }

  @Test
  @DisplayName("lines that mean nothing are refused by their number, and never quoted")
  void refused() {
    assertThat(
            EnvFile.read(
                """
                export A=hush
                B hush
                C=hush hush
                D="hush
                1E=hush
                F=ok
                G=hush\\\
                """
                    + "\r\n: hush"))
        .isEqualTo(
            new Reading.Invalid(
                List.of(
                    "line 1: export is not for such files; write NAME=VALUE",
                    "line 2: is no variable; write NAME=VALUE",
                    "line 3: C has blanks outside of quotes; put its value in quotes",
                    "line 4: has a quote that is not closed; close it",
                    "line 5: is no variable; write NAME=VALUE",
                    "line 7: ends with a backslash; remove it",
                    "line 8: is no variable; write NAME=VALUE")));
  }

  @Property(tries = 500)
  void anyTextIsReadOrRefused(@ForAll String text) {
    assertThat(EnvFile.read(text)).isNotNull();
    assertThat(EnvFile.read("A=" + text)).isNotNull();
  }
}
