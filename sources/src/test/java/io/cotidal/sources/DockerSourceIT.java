package io.cotidal.sources;

import static io.cotidal.sources.MemberSourceConformance.LONG;
import static io.cotidal.sources.MemberSourceConformance.hosts;
import static io.cotidal.sources.MemberSourceConformance.names;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cotidal.engine.MemberSource;
import io.cotidal.lab.DockerDaemon;
import io.cotidal.lab.ServerRegistry;
import io.cotidal.lab.StateFolder;
import io.cotidal.model.SourceAnswer;
import io.cotidal.model.SourceAnswer.Unavailable;
import io.cotidal.sources.roll.Admission;
import io.cotidal.sources.roll.Reference;
import io.cotidal.sources.spec.Habits;
import io.cotidal.sources.spec.SourceSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Containers of a real Docker Engine. */
@Timeout(180)
final class DockerSourceIT {
  private static final String IMAGE = "cotidal-lab/nothing:installed";

  private static void container(DockerDaemon daemon, String name, String... labels)
      throws Exception {
    List<String> line =
        new java.util.ArrayList<>(List.of("create", "--network=none", "--name=" + name));
    for (String label : labels) {
      line.add("--label=" + label);
    }
    line.add(IMAGE);
    daemon.client(line.toArray(String[]::new));
  }

  @Test
  @DisplayName(
      "directory/D3: containers that bear the label are members, and a dead Engine is not empty")
  void containers() throws Exception {
    Optional<String> missing = DockerDaemon.missing();
    if (missing.isPresent() && "1".equals(System.getenv("COT_REQUIRE_SERVERS"))) {
      throw new AssertionError(missing.get());
    }
    assumeTrue(missing.isEmpty(), () -> "SKIPPED: " + missing.orElse(""));
    try (ServerRegistry lab =
            ServerRegistry.open(StateFolder.ofUser(), Path.of("/tmp/cotidal-sources-tests"));
        DockerDaemon daemon = DockerDaemon.start(lab);
        ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Path root = Files.createDirectories(lab.folder("image").resolve("root"));
      Files.writeString(root.resolve("nothing"), "");
      daemon.image(root, IMAGE, "/nothing");
      container(daemon, "One", "directory=people", "cotidal.host=127.0.0.1", "cotidal.site=north");
      container(daemon, "two", "directory=people");
      container(daemon, "other", "directory=elsewhere");
      SourceSpec spec =
          new SourceSpec.Docker(
              daemon.socket(),
              List.of("directory=people"),
              Reference.NAME,
              Optional.empty(),
              3389,
              Admission.NEWCOMERS,
              new Habits(Duration.ofMillis(200), Duration.ofSeconds(10), false));
      try (MemberSource source = new Sources(executor).open(spec)) {
        SourceAnswer answer = source.ask(LONG);
        assertThat(names(answer)).containsExactly("one", "two");
        assertThat(hosts(answer)).containsExactly("127.0.0.1", "two");
        daemon.client("rm", "two");
        assertThat(names(source.ask(LONG))).containsExactly("one");
        daemon.kill();
        assertThat(source.ask(LONG)).isInstanceOf(Unavailable.class);
        daemon.start();
        do {
          answer = source.ask(LONG);
        } while (answer instanceof Unavailable);
        assertThat(names(answer)).containsExactly("one");
      }
    }
  }
}
