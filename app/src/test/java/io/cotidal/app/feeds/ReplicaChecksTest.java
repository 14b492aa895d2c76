package io.cotidal.app.feeds;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.feeds.filter.Filter;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.model.MemberId;
import io.cotidal.model.Mode;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Secret;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.server.Doctor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
@DisplayName("cot doctor, of a replica")
final class ReplicaChecksTest {
  @TempDir private Path folder;

  private FeedsSpec replica(Path data) {
    return new FeedsSpec(
        new ResourceId("feeds", "parks"),
        Mode.OBSERVE,
        new FeedsSpec.Repository(
            FeedsSpec.Tool.GIT, folder.resolve("state"), "", "", Optional.empty()),
        new FeedsSpec.Choice(
            new TreeSet<>(List.of("kmi")),
            Filter.ALL,
            Filter.ALL,
            Filter.ALL,
            FeedsSpec.Skips.NONE),
        new FeedsSpec.Transfer(
            folder.resolve("cache"),
            1L << 30,
            folder.resolve("key"),
            folder.resolve("hosts"),
            22,
            Duration.ofSeconds(5),
            Optional.empty(),
            false,
            ""),
        Optional.empty(),
        List.of(
            new FeedsSpec.GeoServer(
                new MemberId("east"),
                "http://127.0.0.1:1/geoserver",
                "admin",
                new Secret("s"),
                Optional.of(data),
                "http://%s",
                Optional.empty())),
        Optional.empty(),
        new FeedsSpec.Pace(
            Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofHours(1), true, true));
  }

  private Doctor.Check data(Path data) {
    return new ReplicaChecks(new LocalProcesses())
        .of(replica(data)).stream()
            .filter(check -> check.name().equals("feeds/parks east data"))
            .findFirst()
            .orElseThrow();
  }

  @Test
  @DisplayName("a data folder that is here must be GeoServer's; one that is elsewhere need not")
  void dataFolder() throws Exception {
    Doctor.Check wrong = data(folder);
    assertThat(wrong.ok()).isFalse();
    assertThat(wrong.sentence()).contains(folder.toString(), "no global.xml");
    Doctor.Check elsewhere = data(folder.resolve("none"));
    assertThat(elsewhere.ok()).isTrue();
    assertThat(elsewhere.sentence()).contains("not on this machine");
    Files.writeString(folder.resolve("global.xml"), "<global/>");
    assertThat(data(folder).ok()).isTrue();
  }
}
