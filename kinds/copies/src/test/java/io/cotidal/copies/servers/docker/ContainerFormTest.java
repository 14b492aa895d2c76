package io.cotidal.copies.servers.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.copies.database.Place;
import io.cotidal.copies.servers.ServerRuntime.Standing;
import io.cotidal.model.Details;
import io.cotidal.remote.Program;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@Timeout(20)
final class ContainerFormTest {
  private static final Place PLACE = place(3307);

  private static Place place(int port) {
    return new Place(
        "shop.c1", Path.of("/v/c1/data"), Path.of("/v/c1/run"), 64017, "127.0.0.1", port, 64);
  }

  @Test
  @DisplayName(
      "the image keeps its entrypoint and gets the engine's arguments, less what names the host's programs")
  void arguments() {
    ImageProgram program =
        ImageProgram.of(
            Program.of(
                "",
                List.of(
                    "/usr/bin/setpriv",
                    "--reuid=5",
                    "--",
                    "/usr/sbin/mariadbd",
                    "--no-defaults",
                    "--basedir=/usr",
                    "--user=mysql",
                    "--port=3307")),
            PLACE);
    assertThat(program.arguments())
        .containsExactly("--no-defaults", "--port=3307", "--tmpdir=/v/c1/run");
    JsonNode form = form(program, PLACE);
    assertThat(form.has("Entrypoint")).isFalse();
    assertThat(form.at("/Cmd/0").asString()).isEqualTo("--no-defaults");
    assertThatThrownBy(() -> ImageProgram.of(Program.of("", List.of("/bin/ls", "-l")), PLACE))
        .hasMessageContaining("ls is no server that an image is known for");
  }

  @Test
  @DisplayName(
      "copies/E2: the variables that images insist on hold a throw-away word and no name that means anything")
  void environment() {
    JsonNode mariadb = form(ImageProgram.of(Program.of("", List.of("mysqld")), PLACE), PLACE);
    assertThat(mariadb.path("Env").valueStream().map(JsonNode::asString))
        .containsExactly(
            "MYSQL_ROOT_PASSWORD=word",
            "MYSQL_USER=unused",
            "MYSQL_PASSWORD=word",
            "MYSQL_DATABASE=unused");
    JsonNode postgres = form(ImageProgram.of(Program.of("", List.of("postgres")), PLACE), PLACE);
    assertThat(postgres.path("Env").valueStream().map(JsonNode::asString))
        .containsExactly(
            "PGDATA=/v/c1/data",
            "POSTGRES_USER=unused",
            "POSTGRES_PASSWORD=word",
            "POSTGRES_DB=unused");
    assertThat(postgres.path("StopSignal").asString()).isEqualTo("SIGINT");
  }

  @Test
  @DisplayName("a server without port has no network; the image's own volumes are scratch")
  void network() {
    ImageProgram program = ImageProgram.of(Program.of("", List.of("mysqld")), PLACE);
    assertThat(form(program, place(0)).at("/HostConfig/NetworkMode").asString()).isEqualTo("none");
    JsonNode host = form(program, PLACE).path("HostConfig");
    assertThat(host.path("NetworkMode").asString()).isEqualTo("host");
    assertThat(host.path("Tmpfs").propertyNames())
        .containsExactlyInAnyOrder("/var/lib/mysql", "/tmp", "/run");
    assertThat(host.path("Memory").asLong()).isEqualTo(384L * 1024 * 1024);
  }

  @Test
  @DisplayName("copies/E2: a label that speaks of a password is refused")
  void labels() {
    assertThat(Labels.of("/v", "shop.c1", Details.of("template", "shop").with("risk", "low")))
        .containsEntry("com.myaas.template", "shop")
        .containsEntry("com.myaas.is_template", "False")
        .containsEntry("io.cotidal.risk", "low")
        .containsEntry(Labels.OWNER, "/v")
        .containsEntry(Labels.PLACE, "shop.c1");
    assertThatThrownBy(() -> Labels.of("/v", "shop.c1", Details.of("userPassword", "x")))
        .hasMessage("label userPassword: no secret goes on a label");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mariadb",
        "mariadb:10.11",
        "habitissimo/myaas-mysql:10.1.23",
        "localhost:5000/a/b:c",
        "x@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
      })
  @DisplayName("names of images as people write them are taken")
  void images(String name) {
    assertThat(new ImageName(name)).hasToString(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "-x", "../x", "a/../b", "a b", "a?b", "a%2e", "a\nb", "a/b#c", "/x", "a//b"})
  @DisplayName("copies/C1: what could lead a URL elsewhere is no name of an image")
  void strangeImages(String name) {
    assertThatThrownBy(() -> new ImageName(name)).hasMessageContaining("is no name of an image");
  }

  @Test
  @DisplayName("a state that is not known is an error, never gone")
  void states() throws Exception {
    assertThat(standing("paused")).isEqualTo(Standing.PAUSED);
    assertThat(standing("exited")).isEqualTo(Standing.GONE);
    assertThat(standing("removing")).isEqualTo(Standing.RUNNING);
    assertThatThrownBy(() -> standing("stopped?")).isInstanceOf(DockerException.class);
    assertThatThrownBy(() -> standing("")).isInstanceOf(DockerException.class);
  }

  @Test
  @DisplayName("last words tell the first cause and hold no data")
  void lastWords() {
    var ended = new Container.Ending(1, false, "");
    assertThat(
            LastWords.of(
                List.of(
                    "LOG: starting",
                    "ERROR: duplicate key (4711) STATEMENT: insert",
                    "2026 [ERROR] mariadbd: Can't create file",
                    "2026 [ERROR] Aborting"),
                ended))
        .isEqualTo("exit status 1: 2026 [ERROR] mariadbd: Can't create file");
    assertThat(LastWords.of(List.of(), new Container.Ending(137, true, "")))
        .contains("more memory");
    assertThat(
            LastWords.of(
                List.of(
                    "LOG: invalid value for parameter \"TimeZone\": \"X\"",
                    "FATAL: configuration file contains errors"),
                ended))
        .startsWith("exit status 1: LOG: invalid value");
    assertThat(LastWords.of(List.of("entrypoint: no datadir", "\trow 4711"), ended))
        .isEqualTo("exit status 1: entrypoint: no datadir");
    assertThat(LastWords.of(List.of("STATEMENT: insert (4711)"), ended)).isEqualTo("exit status 1");
    assertThat(LastWords.of(List.of(), new Container.Ending(0, false, ""))).isEmpty();
  }

  private static Standing standing(String word) throws DockerException {
    return new Container("c", word, new TreeMap<>(), new Container.Ending(0, false, "")).standing();
  }

  private static JsonNode form(ImageProgram program, Place place) {
    return new ContainerForm(
            new ImageName("mariadb:10.11"), List.of("/var/lib/mysql"), program, "word")
        .json(place, 64017, new TreeMap<>());
  }
}
