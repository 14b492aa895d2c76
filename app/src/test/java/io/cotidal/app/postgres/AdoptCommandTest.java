package io.cotidal.app.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.app.adopt.AdoptCommand;
import io.cotidal.app.config.Clusters;
import io.cotidal.app.config.Loaded;
import io.cotidal.app.kinds.Kinds;
import io.cotidal.cli.terminal.Terminal;
import io.cotidal.model.Mode;
import io.cotidal.postgres.spec.PostgresSpec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class AdoptCommandTest {
  private static final String SECRET = "canary-7Hn \"'";

  private static final String INI =
      """
      [handyrep]
        cluster_name = Orders
        postgresql_version = 15
      [passwords]
        superuser_pass = '''%s'''
        replication_pass = canary-rep
        read_password = canary-read
      [failover]
        auto_failover = True
        fail_retries = 5
      [servers]
        [[one]]
          hostname = 10.0.0.1
          role = master
          pgdata = /srv/one
        [[two]]
          hostname = 10.0.0.2
          pgdata = "/srv/two, too"
      """
          .formatted(SECRET);

  private static final String YAML =
      """
      handyrep:
        cluster_name: Orders
        postgresql_version: 15
      passwords:
        superuser_pass: "canary-7Hn \\"'"
        replication_pass: canary-rep
      failover: {auto_failover: True, fail_retries: 5}
      servers:
        one: {hostname: 10.0.0.1, role: master, pgdata: /srv/one}
        two: {hostname: 10.0.0.2, pgdata: "/srv/two, too"}
      """;

  private static final String SAVED =
      """
      {"status": {"status": "healthy", "pid": 12}, "servers":
        {"two": {"hostname": "10.0.0.2", "role": "master", "enabled": true, "port": 5432,
                 "failover_priority": 1, "pgdata": "/srv/two", "lag": null, "status_no": 1},
         "one": {"hostname": "10.0.0.1", "role": "replica", "enabled": true, "port": 5432,
                 "failover_priority": 2, "pgdata": "/srv/one", "status_no": 2}}}
      """;

  @TempDir Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String... arguments) {
    Terminal terminal =
        new Terminal(
            new ByteArrayInputStream(new byte[0]),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false,
            false,
            false,
            () -> 80);
    return new AdoptCommand(List.of(new HandyrepOriginal())).run(List.of(arguments), terminal);
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  private static PostgresSpec only(Loaded loaded) {
    assertThat(loaded).isInstanceOf(Loaded.Valid.class);
    return ((Loaded.Valid) loaded).configuration().of(Clusters.class).named().getFirst();
  }

  @ParameterizedTest
  @ValueSource(strings = {INI_FILE, YAML_FILE})
  @DisplayName("INI and YAML of one content give one configuration, which our own parser takes")
  void written(String kind) throws IOException {
    Path conf = file("handyrep.conf", kind.equals(INI_FILE) ? INI : YAML);
    Path target = folder.resolve("cotidal.yaml");
    assertThat(run(conf.toString(), "-o", target.toString())).as(err::toString).isZero();
    PostgresSpec spec = only(Kinds.reader(Map.of(), Map.of(), folder).read(target));
    assertThat(spec.id().toString()).isEqualTo("postgres/orders");
    assertThat(spec.mode()).isEqualTo(Mode.OBSERVE);
    assertThat(spec.quorum()).isZero();
    assertThat(spec.failover().automatic()).isTrue();
    assertThat(spec.failover().confirm()).isEqualTo(5);
    assertThat(spec.servers())
        .extracting(server -> server.id() + " " + server.host() + " " + server.data())
        .containsExactly("one 10.0.0.1 /srv/one", "two 10.0.0.2 /srv/two, too");
    assertThat(spec.access().password().reveal()).isEqualTo(SECRET);
    assertThat(spec.access().replicationPassword().reveal()).isEqualTo("canary-rep");
    for (String secret : List.of("orders.superuser.password", "orders.replication.password")) {
      assertThat(
              PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(secret))))
          .isEqualTo("rw-------");
    }
    assertThat(out.toString(StandardCharsets.UTF_8) + err + Files.readString(target))
        .doesNotContain("canary");
  }

  private static final String INI_FILE = "ini";
  private static final String YAML_FILE = "yaml";

  @Test
  @DisplayName(
      "postgres/S26: on the standard output there are references to variables, and no file is made")
  void toStandardOutput() throws IOException {
    Path conf = file("handyrep.conf", INI);
    assertThat(run(conf.toString())).isZero();
    Path written = file("read.yaml", out.toString(StandardCharsets.UTF_8));
    Map<String, String> environment =
        Map.of("ORDERS_SUPERUSER_PASSWORD", "s", "ORDERS_REPLICATION_PASSWORD", "r");
    PostgresSpec spec = only(Kinds.reader(Map.of(), environment, folder).read(written));
    assertThat(spec.access().password().reveal()).isEqualTo("s");
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("Set ORDERS_SUPERUSER_PASSWORD", "passwords.read_password: every request")
        .doesNotContain("canary");
    assertThat(names()).containsExactly("handyrep.conf", "read.yaml");
  }

  @Test
  @DisplayName("servers.save alone, and together with handyrep.conf, in either order")
  void saved() throws IOException {
    Path saved = file("servers.save", SAVED);
    Path conf = file("handyrep.conf", INI);
    assertThat(run(saved.toString())).as(err::toString).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("  hr1:", "name: \"two\", host: \"10.0.0.2\"");
    out.reset();
    assertThat(run(saved.toString(), conf.toString())).isZero();
    String once = out.toString(StandardCharsets.UTF_8);
    out.reset();
    assertThat(run(conf.toString(), saved.toString())).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(once).contains("  orders:");
    assertThat(once.indexOf("\"two\"")).as("by priority").isLessThan(once.indexOf("\"one\""));
  }

  @Test
  @DisplayName("hostile files get one line each, and nothing is written")
  void hostile() throws IOException {
    List<String> texts = new ArrayList<>();
    texts.add("");
    texts.add("[[[[");
    texts.add("{".repeat(100_000));
    texts.add("[servers]\n[[../../etc/passwd]]\nhostname = x\n");
    texts.add("{\"servers\": {\"a\\u0000b\": {\"hostname\": \"x\"}}}");
    texts.add("a: &x [*x, *x]\n");
    texts.add("servers: !!python/object {}\n");
    texts.add("[servers]\n[[a]]\nhostname = 'x\"; drop'\npgdata = relative\n");
    texts.add("x".repeat(4_000_001));
    for (String text : texts) {
      Path conf = file("handyrep.conf", text);
      err.reset();
      assertThat(run(conf.toString(), "-o", folder.resolve("out.yaml").toString())).isEqualTo(1);
      assertThat(err.toString(StandardCharsets.UTF_8).lines()).hasSize(1);
      assertThat(out.size()).isZero();
      assertThat(names()).containsExactly("handyrep.conf");
    }
    err.reset();
    assertThat(run(folder.resolve("nowhere").toString())).isEqualTo(1);
    assertThat(err.toString(StandardCharsets.UTF_8).lines()).hasSize(1);
    assertThat(run()).isEqualTo(2);
    assertThat(run("--what")).isEqualTo(2);
  }

  @Test
  @DisplayName("what is there already is never written over, and nothing half is left")
  void existing() throws IOException {
    Path conf = file("handyrep.conf", INI);
    Path there = file("orders.replication.password", "mine");
    assertThat(run(conf.toString(), "-o", folder.resolve("out.yaml").toString())).isEqualTo(1);
    assertThat(names()).containsExactly("handyrep.conf", "orders.replication.password");
    assertThat(Files.readString(there)).isEqualTo("mine");
  }
}
