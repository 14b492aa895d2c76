package io.cotidal.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.feeds.environment.FeedsVariable;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.model.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the variables of Borg slave sync alone make of a daemon. */
@Timeout(30)
@DisplayName("a daemon with Borg slave sync's environment and no file")
final class BorgVariablesTest {
  private static final Map<String, String> LEAST =
      Map.of(
          "SLAVE_NAME", "portable",
          "LISTEN_CHANNELS", "kmi,open",
          "GEOSERVER_PASSWORD", "hush-hush",
          "GEOSERVER_PGSQL_PASSWORD", "hush-hush");

  @TempDir private Path folder;

  private Loaded read(Map<String, String> environment) {
    return new ConfigurationReader(List.of(new ReplicasSection()), Map.of(), environment, folder)
        .readEnvironment("feeds");
  }

  @Test
  @DisplayName("is one replica in mode manage, and says of each variable what it becomes")
  void least() {
    Configuration configuration = Examples.valid(read(LEAST));
    Feeds feeds = configuration.of(Feeds.class);
    assertThat(feeds.ids()).hasSize(1);
    FeedsSpec spec = feeds.named().getFirst();
    assertThat(spec.mode()).isEqualTo(Mode.MANAGE);
    assertThat(spec.choice().channels()).containsExactly("kmi", "open");
    assertThat(spec.pace().poll()).isEqualTo(Duration.ofMinutes(1));
    assertThat(feeds.transaction()).isEmpty();
    assertThat(configuration.explain())
        .contains("SLAVE_NAME", "environment LISTEN_CHANNELS")
        .doesNotContain("hush-hush");
    for (FeedsVariable variable : FeedsVariable.values()) {
      assertThat(configuration.explain()).contains(variable.name());
    }
  }

  @Test
  @DisplayName("what is wrong is said at once, with where to read on")
  void wrong() {
    Map<String, String> environment = new HashMap<>(LEAST);
    environment.put("GEOSERVER_PGSQL_PORT", "many");
    environment.put("FEATURE_FILTER", "lambda job: __import__('os')");
    environment.remove("GEOSERVER_PASSWORD");
    assertThat(Examples.lines(read(environment)))
        .hasSizeGreaterThanOrEqualTo(3)
        .allMatch(line -> line.startsWith("environment") && line.contains("see docs/feeds.md"))
        .anyMatch(line -> line.contains("GEOSERVER_PGSQL_PORT"))
        .anyMatch(line -> line.contains("FEATURE_FILTER"))
        .anyMatch(line -> line.contains("GEOSERVER_PASSWORD"));
  }

  @Test
  @DisplayName("none of them set is no configuration")
  void none() {
    assertThat(Examples.lines(read(Map.of("DEBUG", "true"))))
        .containsExactly(
            "environment: none of the variables of the original is set; set them as its document says");
  }

  @Test
  @DisplayName("Mercurial's own variables count where the hook says so, and nowhere else")
  void hook() {
    Map<String, String> environment = new HashMap<>(LEAST);
    environment.put("HG_NODE", "0123456789012345678901234567890123456789");
    environment.put("HG_PENDING", "/srv/state");
    assertThat(Examples.valid(read(environment)).of(Feeds.class).transaction()).isEmpty();
    environment.put(ReplicasSection.HOOK, "pretxnchangegroup");
    assertThat(
            Examples.valid(read(environment)).of(Feeds.class).transaction().orElseThrow().pending())
        .contains("/srv/state");
    environment.put("HG_NODE", "tip");
    assertThat(Examples.lines(read(environment)))
        .singleElement()
        .asString()
        .startsWith("environment HG_NODE: feeds: ");
  }

  @Test
  @DisplayName("the document's table has a row for each variable, in the variable's own words")
  void documented() throws IOException {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.exists(root.resolve("docs/feeds.md"))) {
      root = Objects.requireNonNull(root.getParent(), "not in the project");
    }
    List<String> rows =
        Files.readAllLines(root.resolve("docs/feeds.md")).stream()
            .dropWhile(line -> !line.equals("## The original's variables"))
            .skip(1)
            .takeWhile(line -> !line.startsWith("## "))
            .filter(line -> line.startsWith("| `"))
            .toList();
    List<String> wanted =
        Stream.of(FeedsVariable.values())
            .map(each ->
                "| `%s` | %s | %s | %s |"
                    .formatted(each.name(), each.meaning(), each.unset(), each.becomes()))
            .toList();
    assertThat(rows).containsExactlyElementsOf(wanted);
  }
}
