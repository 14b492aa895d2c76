package io.cotidal.app.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.app.kinds.Kinds;
import io.cotidal.cli.terminal.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class MemberCommandTest {
  private static final String TEXT =
      """
      # the shop's
      postgres:
        orders:
          quorum: 0
          defaults: {bin: /usr/bin, host: 127.0.0.1}
          members:
            - {name: a, port: 5433, data: /srv/a}
            - {name: b, port: 5434, data: /srv/b}  # the spare
          superuser: {name: postgres, password: {secret: "env:ONE"}}
          replication: {name: replicator, password: {secret: "env:ONE"}}
      """;

  @TempDir Path folder;
  private Path file;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @BeforeEach
  void write() throws IOException {
    file = Files.writeString(folder.resolve("cotidal.yaml"), TEXT);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
  }

  private int run(MemberCommand.Verb verb, String... arguments) {
    Terminal terminal =
        new Terminal(
            InputStream.nullInputStream(),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false,
            false,
            false,
            () -> 0);
    return new MemberCommand(verb, Kinds.reader(Map.of(), Map.of("ONE", "canary"), folder))
        .run(List.of(arguments), terminal);
  }

  @Test
  @DisplayName(
      "add shows its line and writes nothing; with --write it does, mode and comments kept")
  void add() throws IOException {
    String member = "postgres/orders/c";
    assertThat(run(MemberCommand.Verb.ADD, member, "port=5435", "data=/srv/c")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("+ 9:       - {name: c, port: 5435, data: /srv/c}", "nothing was written");
    assertThat(Files.readString(file)).isEqualTo(TEXT);
    assertThat(run(MemberCommand.Verb.ADD, member, "port=5435", "data=/srv/c", "--write")).isZero();
    assertThat(Files.readString(file))
        .isEqualTo(
            TEXT.replace(
                "# the spare\n", "# the spare\n      - {name: c, port: 5435, data: /srv/c}\n"));
    assertThat(Files.getPosixFilePermissions(file))
        .isEqualTo(PosixFilePermissions.fromString("rw-r-----"));
  }

  @Test
  @DisplayName("what could not be used then is not written")
  void invalid() throws IOException {
    assertThat(run(MemberCommand.Verb.ADD, "postgres/orders/c", "prt=5435", "--write"))
        .isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("prt", "nothing was written");
    assertThat(run(MemberCommand.Verb.SET, "postgres/orders/b", "port=5433", "--write"))
        .isEqualTo(1);
    assertThat(run(MemberCommand.Verb.REMOVE, "postgres/orders/x", "--write")).isEqualTo(1);
    assertThat(run(MemberCommand.Verb.REMOVE, "orders")).isEqualTo(2);
    assertThat(Files.readString(file)).isEqualTo(TEXT);
  }

  @Test
  @DisplayName("remove and set change the member's lines alone")
  void others() throws IOException {
    assertThat(run(MemberCommand.Verb.SET, "postgres/orders/a", "priority=1", "--write")).isZero();
    assertThat(Files.readString(file))
        .contains("- {name: a, port: 5433, data: /srv/a, priority: 1}\n", "# the spare");
    assertThat(run(MemberCommand.Verb.REMOVE, "postgres/orders/b", "--write")).isZero();
    assertThat(Files.readString(file)).doesNotContain("/srv/b").startsWith("# the shop's");
  }
}
