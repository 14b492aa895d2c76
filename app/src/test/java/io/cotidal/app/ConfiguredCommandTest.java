package io.cotidal.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.cli.terminal.ExitCode;
import io.cotidal.cli.terminal.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
final class ConfiguredCommandTest {
  @TempDir Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final List<String> used = new ArrayList<>();

  private int run(Map<String, String> environment, String... arguments) {
    Terminal terminal =
        new Terminal(
            InputStream.nullInputStream(),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false,
            false,
            false,
            () -> 0);
    return new ConfiguredCommand("try it", "the help\n", environment)
        .run(
            List.of(arguments),
            terminal,
            configuration -> {
              used.add(configuration.explain());
              return ExitCode.FAILED;
            });
  }

  private String file(String text) throws Exception {
    return Files.writeString(folder.resolve("cotidal.yaml"), text).toString();
  }

  @Test
  @DisplayName("flags go before the environment, and the command's own exit code is the answer")
  void precedence() throws Exception {
    String file = file("store: sqlite:local.db\n");
    Map<String, String> environment =
        Map.of("COT_CONFIG", file, "COT_LISTEN", "127.0.0.1:1001", "COT_STORE", "sqlite:there.db");
    assertThat(run(environment, "--listen", "127.0.0.1:1002")).isEqualTo(ExitCode.FAILED.number());
    assertThat(used).singleElement().asString().contains("127.0.0.1:1002", "there.db");
    assertThat(used.getFirst()).doesNotContain("1001", "local.db");
    assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  @Test
  @DisplayName("every fault of the configuration is told, and the command does not begin")
  void invalid() throws Exception {
    String file = file("listn: 127.0.0.1:1001\nstore: nowhere\n");
    assertThat(run(Map.of(), "--config=" + file)).isEqualTo(ExitCode.USAGE.number());
    assertThat(used).isEmpty();
    assertThat(err.toString(StandardCharsets.UTF_8).lines())
        .hasSize(2)
        .allMatch(line -> line.startsWith("cot: "))
        .anyMatch(line -> line.contains("did you mean listen?"))
        .anyMatch(line -> line.contains("store"));
  }

  @Test
  @DisplayName("an unknown argument is named, with the command that explains the known ones")
  void unknownArgument() {
    assertThat(run(Map.of(), "--confg", "x")).isEqualTo(ExitCode.USAGE.number());
    assertThat(used).isEmpty();
    assertThat(err.toString(StandardCharsets.UTF_8))
        .isEqualTo("cot: unknown argument '--confg'; see cot try it --help\n");
  }

  @Test
  @DisplayName("help is data, and reads no configuration")
  void help() {
    assertThat(run(Map.of("COT_CONFIG", "/nowhere"), "--help")).isEqualTo(ExitCode.OK.number());
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("the help\n");
    assertThat(used).isEmpty();
  }
}
