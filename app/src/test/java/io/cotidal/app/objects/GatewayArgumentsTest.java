package io.cotidal.app.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.app.config.Configuration;
import io.cotidal.app.config.Loaded;
import io.cotidal.app.config.Namespaces;
import io.cotidal.app.kinds.Kinds;
import io.cotidal.cli.terminal.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
@DisplayName("which gateway is meant")
final class GatewayArgumentsTest {
  @Test
  @DisplayName("a namespace by its name or its whole one, a site, a file")
  void parsed() {
    assertThat(
            GatewayArguments.parse(
                List.of("objects/media", "--site", "east", "--config=/etc/c.yaml")))
        .isEqualTo(new GatewayArguments("media", Optional.of("east"), Path.of("/etc/c.yaml")));
    assertThat(GatewayArguments.parse(List.of("media")))
        .isEqualTo(new GatewayArguments("media", Optional.empty(), null));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --site east      | name a namespace
          media --site     | --site needs a value
          media --store x  | unknown argument '--store'
          media other      | unknown argument 'other'
          """)
  @DisplayName("what makes no sense is named")
  void nonsense(String words, String reason) {
    assertThatThrownBy(() -> GatewayArguments.parse(List.of(words.split(" "))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(reason);
  }

  private static String site(String name, boolean gateway) {
    String own =
        """
        - name: %1$s
          url: http://%1$s:8080/v1
          tempauth: {auth: "http://%1$s:8080/auth/v1.0", user: "a:b", key: {secret: "env:PW"}}
        """
            .formatted(name);
    String before = "  gateway: {listen: 0.0.0.0:80, folder: /srv/%s}\n".formatted(name);
    return (gateway ? own + before : own).indent(6);
  }

  private static Namespaces namespaces(Path folder, String... sites) throws Exception {
    String text =
        """
        objects:
          media:
            folder: /srv/media
            accounts: [AUTH_test]
            realm: {name: r, key: {secret: "env:PW"}}
            sites:
        """
            + String.join("", sites);
    Path file = Files.writeString(folder.resolve("cotidal.yaml"), text);
    Loaded loaded = Kinds.reader(Map.of(), Map.of("PW", "canary"), folder).read(file);
    assertThat(loaded).as(loaded::toString).isInstanceOf(Loaded.Valid.class);
    Configuration configuration = ((Loaded.Valid) loaded).configuration();
    return configuration.of(Namespaces.class);
  }

  private static GatewayArguments media(String... site) {
    return new GatewayArguments("media", List.of(site).stream().findFirst(), null);
  }

  /** The exit code, and what is said on the error output. */
  private static List<String> run(Path folder, String... words) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exit =
        new GatewayCommand(Kinds.reader(Map.of(), Map.of("PW", "canary"), folder))
            .run(
                List.of(words),
                new Terminal(
                    InputStream.nullInputStream(),
                    new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8),
                    new PrintStream(err, true, StandardCharsets.UTF_8),
                    false,
                    false,
                    false,
                    () -> 0));
    List<String> said = new ArrayList<>(List.of(String.valueOf(exit)));
    said.addAll(err.toString(StandardCharsets.UTF_8).lines().toList());
    return said;
  }

  @Test
  @DisplayName("what is wrong with command line or file ends it with 2, and a line each")
  void wrong(@TempDir Path folder) throws Exception {
    assertThat(run(folder, "--help")).containsExactly("0");
    assertThat(run(folder, "--site"))
        .containsExactly("2", "cot: --site needs a value; see cot gateway --help");
    Path file = folder.resolve("cotidal.yaml");
    Namespaces _ = namespaces(folder, site("east", true), site("west", true));
    assertThat(run(folder, "media", "--config", file.toString()))
        .containsExactly(
            "2",
            "cot: objects/media has several gateways; say --site, one of east, west; see cot gateway --help");
    Files.writeString(file, "objects: {media: {sites: 1}}\n");
    assertThat(run(folder, "media", "--config", file.toString())).first().isEqualTo("2");
  }

  @Test
  @DisplayName("the only one need not be named; one of several must")
  void chosen(@TempDir Path folder) throws Exception {
    Namespaces one = namespaces(folder, site("east", true), site("west", false));
    assertThat(GatewayChoice.of(one, media()).title()).isEqualTo("gateway objects/media at east");
    assertThatThrownBy(() -> GatewayChoice.of(one, media("west")))
        .hasMessage("objects/media has no gateway at 'west'; it has them at east");
    Namespaces both = namespaces(folder, site("east", true), site("west", true));
    assertThat(GatewayChoice.of(both, media("west")).place().folder())
        .isEqualTo(Path.of("/srv/west"));
    assertThatThrownBy(() -> GatewayChoice.of(both, media()))
        .hasMessage("objects/media has several gateways; say --site, one of east, west");
    Namespaces none = namespaces(folder, site("east", false));
    assertThatThrownBy(() -> GatewayChoice.of(none, media()))
        .hasMessage(
            "objects/media has no site with a gateway; write gateway: below one of its sites");
    assertThatThrownBy(
            () -> GatewayChoice.of(none, new GatewayArguments("other", Optional.empty(), null)))
        .hasMessage("the configuration has no objects/other; it has objects/media");
  }
}
