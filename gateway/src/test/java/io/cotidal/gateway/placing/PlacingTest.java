package io.cotidal.gateway.placing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.model.MemberId;
import io.cotidal.model.Mode;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Secret;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.placement.Subject;
import io.cotidal.objects.placing.Placing;
import io.cotidal.objects.placing.PlacingText;
import io.cotidal.objects.spec.ObjectsSpec;
import io.cotidal.objects.spec.Placement;
import io.cotidal.objects.spec.Promise;
import io.cotidal.objects.spec.Reads;
import io.cotidal.objects.spec.Realm;
import io.cotidal.objects.spec.Site;
import io.cotidal.objects.spec.Site.Role;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
@DisplayName("the placing that a gateway goes by")
final class PlacingTest {
  private static final MemberId EAST = new MemberId("east");
  private static final MemberId WEST = new MemberId("west");
  private static final Placing FIRST = Placing.everywhere(List.of(EAST, WEST), Promise.LOCAL);

  @TempDir Path folder;

  private static Placing placing(long generation) {
    Map<MemberId, Role> sites = new LinkedHashMap<>();
    sites.put(EAST, Role.ACTIVE);
    sites.put(WEST, Role.BACKUP);
    Placement.Rule own =
        new Placement.Rule(
            Optional.of("AUTH_own"),
            Optional.of("logs*"),
            Optional.of("gold"),
            Optional.of(new Placement.Header("X-Container-Meta-Region", "eu")),
            List.of(EAST));
    Placement.Rule plain =
        new Placement.Rule(
            Optional.of("AUTH_a*"),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of(EAST, WEST));
    return new Placing(
        generation,
        sites,
        List.of(new Placing.Line(own, Promise.QUORUM), new Placing.Line(plain, Promise.ALL)),
        Promise.LOCAL);
  }

  private Placings open() {
    return Placings.open(
        folder.resolve("placing.json"), folder.resolve("last.json"), Set.of(EAST, WEST), FIRST);
  }

  private void daemon(String text) throws Exception {
    Files.writeString(folder.resolve("placing.json"), text);
  }

  @Test
  @DisplayName("promises by a rule what the rule says, and else what the namespace does")
  void asked() {
    ObjectsSpec spec =
        new ObjectsSpec(
            new ResourceId("objects", "media"),
            Mode.MANAGE,
            List.of(
                new Site(
                    EAST,
                    "http://127.0.0.1:1/v1",
                    "EAST",
                    new Site.Identity.TempAuth(
                        "http://127.0.0.1:1/auth/v1.0", "a:b", new Secret("")),
                    Role.ACTIVE,
                    Map.of(),
                    Optional.empty())),
            new Realm("r", new Secret("k"), Optional.empty()),
            List.of("AUTH_test"),
            new Placement(
                List.of(
                    rule("all-*", Optional.of(Promise.ALL)), rule("as-usual", Optional.empty()))),
            ObjectsSpec.Pace.USUAL,
            ObjectsSpec.Care.USUAL,
            folder,
            ObjectsSpec.STAMPS,
            Promise.QUORUM,
            Reads.OWN);
    Placing placing = PlacingText.read(PlacingText.write(Placing.of(spec, 7)));
    assertThat(placing.generation()).isEqualTo(7);
    assertThat(placing.promise(new ContainerName("AUTH_test", "all-1"))).isEqualTo(Promise.ALL);
    assertThat(placing.promise(new ContainerName("AUTH_test", "as-usual")))
        .isEqualTo(Promise.QUORUM);
    assertThat(placing.promise(new ContainerName("AUTH_test", "other"))).isEqualTo(Promise.QUORUM);
  }

  private static Placement.Rule rule(String container, Optional<Promise> answer) {
    return new Placement.Rule(
        Optional.empty(),
        Optional.of(container),
        Optional.empty(),
        Optional.empty(),
        List.of(EAST),
        answer,
        Optional.empty());
  }

  @Test
  @DisplayName("comes back from its document, and says where things are and what is promised")
  void document() {
    Placing read = PlacingText.read(PlacingText.write(placing(3)));
    assertThat(read).isEqualTo(placing(3));
    assertThat(read.serves(EAST)).isTrue();
    assertThat(read.serves(WEST)).isFalse();
    assertThat(read.serves(new MemberId("north"))).isFalse();
    ContainerName box = new ContainerName("AUTH_ann", "box");
    assertThat(read.promise(box)).isEqualTo(Promise.ALL);
    assertThat(read.promise(new ContainerName("AUTH_x", "box"))).isEqualTo(Promise.LOCAL);
    assertThat(read.at(Subject.named(box), Optional.empty())).containsExactly(EAST, WEST);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[]",
        "null",
        "{\"version\":2,\"generation\":1,\"answer\":\"all\",\"sites\":[],\"rules\":[]}",
        "{\"version\":1,\"generation\":1,\"answer\":\"all\",\"sites\":[],\"rules\":[]}",
        "{\"version\":1,\"generation\":-1,\"answer\":\"all\",\"sites\":[{\"name\":\"east\",\"role\":\"active\"}],\"rules\":[]}",
        "{\"version\":1,\"generation\":1,\"answer\":\"some\",\"sites\":[{\"name\":\"east\",\"role\":\"active\"}],\"rules\":[]}",
        "{\"version\":1,\"generation\":1,\"answer\":\"all\",\"sites\":[{\"name\":\"east\",\"role\":\"boss\"}],\"rules\":[]}",
        "{\"version\":1,\"generation\":1,\"answer\":\"all\",\"sites\":[{\"name\":\"../x\",\"role\":\"active\"}],\"rules\":[]}",
        "{\"version\":1,\"generation\":1,\"answer\":\"all\",\"sites\":[{\"name\":\"north\",\"role\":\"active\"}],\"rules\":[]}",
        "{\"version\":1,\"generation\":1,\"answer\":\"all\",\"sites\":[{\"name\":\"east\",\"role\":\"active\"}],\"rules\":[{\"sites\":[\"west\"],\"answer\":\"all\"}]}",
        "{\"version\":1,\"generation\":1,\"answer\":\"all\",\"sites\":[{\"name\":\"east\",\"role\":\"active\"}],\"rules\":[{\"sites\":[],\"answer\":\"all\"}]}",
        "{\"version\":1,\"generation\":1,\"answer\":\"all\",\"sites\":[{\"name\":\"east\",\"role\":\"active\"}],\"rules\":[],\"more\":1}",
      })
  @DisplayName("a bad one changes nothing, and is told in one line")
  void bad(String text) throws Exception {
    daemon(PlacingText.write(placing(1)));
    Placings placings = open();
    daemon(text);
    assertThat(placings.reload()).isFalse();
    assertThat(placings.now()).isEqualTo(placing(1));
    assertThat(placings.refused().orElseThrow()).contains("placing.json").doesNotContain("\n");
  }

  @Test
  @DisplayName("every beginning of a good one is a bad one")
  void cut() {
    String text = PlacingText.write(placing(3)).strip();
    for (int i = 0; i < text.length(); i++) {
      String part = text.substring(0, i);
      assertThatThrownBy(() -> PlacingText.read(part)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  @DisplayName("the last good one holds after a restart, without the daemon's or with a bad one")
  void last() throws Exception {
    assertThat(open().now()).isEqualTo(FIRST);
    daemon(PlacingText.write(placing(5)));
    Placings placings = open();
    assertThat(placings.now()).isEqualTo(placing(5));
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(folder.resolve("last.json"))))
        .isEqualTo("rw-------");
    daemon("{ half");
    assertThat(open().now()).isEqualTo(placing(5));
    Files.delete(folder.resolve("placing.json"));
    Placings later = open();
    assertThat(later.now()).isEqualTo(placing(5));
    assertThat(later.refused()).isEmpty();
    daemon(PlacingText.write(placing(6)));
    assertThat(later.reload()).isTrue();
    assertThat(later.now()).isEqualTo(placing(6));
    assertThat(later.reload()).isFalse();
  }

  @Test
  @DisplayName("one that is older than what holds is not taken")
  void older() throws Exception {
    daemon(PlacingText.write(placing(5)));
    Placings placings = open();
    daemon(PlacingText.write(placing(4)));
    assertThat(placings.reload()).isFalse();
    assertThat(placings.now().generation()).isEqualTo(5);
    assertThat(placings.refused().orElseThrow()).contains("older");
  }
}
