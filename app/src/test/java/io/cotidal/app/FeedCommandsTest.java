package io.cotidal.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.cli.commands.LocalCommand;
import io.cotidal.cli.terminal.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
@DisplayName("cot feed run, sync and hook, before anything runs")
final class FeedCommandsTest {
  @TempDir private Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(LocalCommand command, String... words) {
    return command.run(
        List.of(words),
        new Terminal(
            InputStream.nullInputStream(),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false,
            false,
            false,
            () -> 0));
  }

  private String said() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private String file(String name, String text) throws Exception {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  @Test
  @DisplayName("a file of variables that cannot be read is one line, with the line's number")
  void variables() throws Exception {
    String file = file("feeds.env", "SLAVE_NAME=x\nexport PASSWORD=canary\n");
    assertThat(run(new FeedRun("test", Map.of()), "--env-file", file)).isEqualTo(2);
    assertThat(said()).contains(file + ": line 2: ").doesNotContain("canary").hasLineCount(1);
    assertThat(run(new FeedSync("test", Map.of()), "--env-file", folder + "/none")).isEqualTo(2);
    assertThat(said()).contains(folder + "/none does not exist");
  }

  @Test
  @DisplayName("run without any of the variables says so, whatever file lies there")
  void nothing() throws Exception {
    String file = file("cotidal.yaml", "feeds: {x: {repository: {hg: /srv/state}}}\n");
    assertThat(run(new FeedRun("test", Map.of("COT_CONFIG", file)))).isEqualTo(2);
    assertThat(said()).contains("none of the variables of the original is set");
  }

  @Test
  @DisplayName("sync of a feed that nobody wrote ends with 4")
  void unknown() throws Exception {
    String file = file("cotidal.yaml", "feeds: {x: {repository: {hg: /srv/state}}}\n");
    assertThat(run(new FeedSync("test", Map.of()), "y", "--config", file)).isEqualTo(4);
    assertThat(said()).contains("there is no feed 'y' in the configuration");
  }

  @Test
  @DisplayName("hook without Mercurial is a usage error that names the ways there are")
  void hook() {
    assertThat(run(new FeedHook("test", Map.of()))).isEqualTo(2);
    assertThat(said()).contains("HG_NODE is not set", "cot feed hook install", "cot feed sync");
  }

  @Test
  @DisplayName("hook of something that is no commit is refused")
  void noCommit() throws Exception {
    String file = file("cotidal.yaml", "feeds: {x: {repository: {hg: /srv/state}}}\n");
    assertThat(run(new FeedHook("test", Map.of("HG_NODE", "--tip")), "--config", file))
        .isEqualTo(2);
    assertThat(said()).contains("HG_NODE");
  }

  @Test
  @DisplayName("install wants a clone, and a clone of Mercurial")
  void install() {
    FeedHook hook = new FeedHook("test", Map.of());
    assertThat(run(hook, "install", "--program", "/opt/cot")).isEqualTo(2);
    assertThat(said()).contains("CLONE is missing");
    assertThat(run(hook, "install", folder.toString(), "--program", "/opt/cot")).isEqualTo(1);
    assertThat(said()).contains("is no clone of Mercurial");
  }

  @Test
  @DisplayName("pack wants a table, its dump, two folders, and where its job is")
  void pack() throws Exception {
    FeedPack pack = new FeedPack(Map.of("PGPORT", "1", "PGPASSWORD", "canary"));
    String[] usual = {
      "sites_data.parcels", "--dump", "/d", "--state", "/s", "--into", folder.toString()
    };
    assertThat(run(pack, "parcels", "--dump", "x")).isEqualTo(2);
    assertThat(said()).contains("SCHEMA.TABLE is missing").hasLineCount(1);
    assertThat(run(pack, "a.b", "--dump", "x", "--into", "y")).isEqualTo(2);
    assertThat(said()).contains("--state is missing");
    assertThat(run(pack, usual)).isEqualTo(2);
    assertThat(said()).contains("name --job or --at, and not both");
    assertThat(run(pack, with(usual, "--at", "$(x):/a"))).isEqualTo(2);
    assertThat(said()).contains("'$(x):/a' is nothing that a job may name");
    assertThat(run(pack, with(usual, "--at", "m:/a", "--last", "0"))).isEqualTo(2);
    assertThat(said()).contains("--last '0' is no number from 1 to 64");
    assertThat(run(pack, with(usual, "--job", file("job", "{\"data\": {}}")))).isEqualTo(1);
    assertThat(said()).contains("data: names no dump with its MD5");
    assertThat(run(pack, with(usual, "--at", "m:/a", "--host", "127.0.0.1"))).isEqualTo(1);
    assertThat(said()).contains("the database postgres at 127.0.0.1:1").doesNotContain("canary");
  }

  private static String[] with(String[] words, String... more) {
    return Stream.concat(Arrays.stream(words), Arrays.stream(more)).toArray(String[]::new);
  }

  @Test
  @DisplayName("each explains itself")
  void help() {
    for (LocalCommand command :
        List.of(
            new FeedRun("test", Map.of()),
            new FeedSync("test", Map.of()),
            new FeedHook("test", Map.of()),
            new FeedPack(Map.of()))) {
      assertThat(run(command, "--help")).isZero();
      assertThat(out.toString(StandardCharsets.UTF_8)).contains("usage: cot " + command.name());
    }
    assertThat(said()).isEmpty();
  }
}
