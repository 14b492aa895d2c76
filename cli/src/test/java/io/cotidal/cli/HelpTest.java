package io.cotidal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.cli.commands.Catalogue;
import io.cotidal.cli.commands.Commands;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(30)
@DisplayName("Help and completion")
class HelpTest {
  private final Shell shell = new Shell("http://127.0.0.1:1");

  static Stream<String> names() {
    return new Commands(new Catalogue("1", () -> Shell.ACTIONS, List.of())).names().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  @DisplayName("Every command explains itself within 80 columns, with an example, by three ways")
  void each(String name) {
    String[] words = (name + " --help").split(" ");
    Shell.Result result = shell.run(words);
    assertThat(result.exit()).isZero();
    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .startsWith("cot " + name)
        .contains("Examples\n  cot " + name)
        .contains("--server")
        .doesNotContain("%");
    assertThat(result.out().lines()).allMatch(line -> line.length() <= 80);
    assertThat(shell.run(("help " + name).split(" ")).out()).isEqualTo(result.out());
    assertThat(shell.run(("--help " + name).split(" ")).out()).isEqualTo(result.out());
  }

  @Test
  @DisplayName("The help names every command")
  void all() {
    Shell.Result result = shell.run("--help");
    assertThat(result.exit()).isZero();
    names().forEach(name -> assertThat(result.out()).contains("\n  " + name + " "));
    assertThat(shell.run().out()).isEqualTo(result.out());
    assertThat(shell.run("help").out()).isEqualTo(result.out());
    assertThat(result.out().lines()).allMatch(line -> line.length() <= 90);
  }

  @Test
  @DisplayName("A group explains its commands: on stdout when asked, else as a usage error")
  void group() {
    Shell.Result asked = shell.run("op", "--help");
    assertThat(asked.exit()).isZero();
    assertThat(asked.out()).contains("op resolve");
    Shell.Result bare = shell.run("op");
    assertThat(bare.exit()).isEqualTo(2);
    assertThat(bare.out()).isEmpty();
    assertThat(bare.err()).isEqualTo(asked.out());
  }

  @Test
  @DisplayName("The help of an action follows from its record")
  void action() {
    assertThat(shell.run("failover", "-h").out())
        .contains("cot failover KIND/NAME [options]")
        .contains("Promote a replica although the primary cannot be asked.")
        .contains("--to=MEMBER")
        .contains("--accept-loss")
        .contains("Irreversible");
  }

  @Test
  @DisplayName("bash understands the completion and completes commands, verbs, options and names")
  void completion(@TempDir Path folder) throws IOException, InterruptedException {
    Path script = Files.writeString(folder.resolve("cot.bash"), shell.run("completion").out());
    assertThat(complete(script, "cot", "swi")).isEqualTo("switchover");
    assertThat(complete(script, "cot", "op", "re")).isEqualTo("resolve resume");
    assertThat(complete(script, "cot", "failover", "--acc")).isEqualTo("--accept-loss");
    assertThat(complete(script, "cot", "get", "-o", "js")).isEqualTo("json");
    assertThat(complete(script, "cot", "status", "postgres/o")).isEqualTo("postgres/orders");
    assertThat(complete(script, "cot", "op", "get", "postgres/orders#"))
        .isEqualTo("postgres/orders#17");
  }

  private static String complete(Path script, String... words)
      throws IOException, InterruptedException {
    String quoted = String.join(" ", Stream.of(words).map(word -> "'" + word + "'").toList());
    String program =
        """
        cot() { if [[ $1 == op ]]; then echo postgres/orders#17; else echo postgres/orders; fi; }
        . %s
        COMP_WORDS=(%s)
        COMP_CWORD=%d
        _cot
        echo "${COMPREPLY[*]}"
        """
            .formatted(script, quoted, words.length - 1);
    Process bash =
        new ProcessBuilder("bash", "--norc", "-c", program).redirectErrorStream(true).start();
    String answer = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(bash.waitFor()).isZero();
    return answer.strip();
  }
}
