package io.cotidal.copies.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.copies.compat.MyaasEnvironment.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(10)
@DisplayName("The original's environment")
class MyaasEnvironmentTest {
  /** For each variable a value that is not its default; and what must be set beside it. */
  private static final Map<MyaasVariable, String> EXAMPLES = new EnumMap<>(MyaasVariable.class);

  static {
    for (String line :
        """
        MYAAS_HOSTNAME=db.example
        HOST_NAME=db.example
        MYAAS_MYSQL_IMAGE=mariadb:10.11
        MYSQL_DOCKER_IMAGE=mariadb:10.11
        MYAAS_POSTGRES_IMAGE=postgres:15
        MYAAS_BACKEND=myaas.backends.postgres
        MYAAS_DB_PASSWORD=hush-hush
        MYSQL_ROOT_PASSWORD=hush-hush
        MYAAS_DB_DATABASE=shop
        MYSQL_DATABASE=shop
        MYAAS_DB_USERNAME=ann
        MYAAS_BASE_DIR=/srv/x
        HOPS_DATA_DIR=/srv/x/data
        HOPS_DUMP_DIR=/srv/x/dumps
        MYAAS_CONTAINER_TTL=60
        MYAAS_MEMORY_LIMIT=512m
        MYAAS_DOCKER_HOST=unix:///run/x.sock
        DOCKER_HOST=unix:///run/x.sock
        MYAAS_PREFIX=x-
        MYAAS_DEBUG=True
        HOPS_TEMP_DIR=/tmp/x
        MYAAS_CPU_PINNING_CORES=4
        MYAAS_CPU_MAP=2,14:4,16
        SENTRY_DSN=https://hush-hush@sentry.example/1
        """
            .lines()
            .toList()) {
      String[] pair = line.split("=", 2);
      EXAMPLES.put(MyaasVariable.valueOf(pair[0]), pair[1]);
    }
  }

  private static Reading.Valid valid(Map<String, String> environment) {
    Reading reading = MyaasEnvironment.read(environment);
    assertThat(reading).isInstanceOf(Reading.Valid.class);
    return (Reading.Valid) reading;
  }

  /** What a variable needs beside it to count, of the same generation. */
  private static Map<String, String> ground(MyaasVariable variable) {
    Map<String, String> ground = new HashMap<>();
    if (variable.name().startsWith("MYAAS_")) {
      boolean itself = variable == MyaasVariable.MYAAS_CPU_MAP;
      ground.put(itself ? "MYAAS_CPU_PINNING_CORES" : "MYAAS_CPU_MAP", "0");
    }
    if (variable == MyaasVariable.MYAAS_POSTGRES_IMAGE) {
      ground.put("MYAAS_BACKEND", "myaas.backends.postgres");
    }
    return ground;
  }

  @ParameterizedTest
  @EnumSource(MyaasVariable.class)
  @DisplayName("copies/E5: every variable has its effect, or the report says why it has none")
  void effects(MyaasVariable variable) {
    Map<String, String> ground = ground(variable);
    MyaasSettings without = valid(ground).settings();
    ground.put(variable.name(), EXAMPLES.get(variable));
    Reading.Valid with = valid(ground);
    List<String> lines =
        with.report().stream().filter(it -> it.startsWith(variable.name() + "=")).toList();
    assertThat(lines).hasSize(1);
    if (variable.lifted().isPresent()) {
      assertThat(with.settings()).isEqualTo(without);
      assertThat(lines.getFirst()).contains("has no effect: " + variable.lifted().get());
    } else {
      assertThat(with.settings()).isNotEqualTo(without);
      assertThat(lines.getFirst()).doesNotContain("no effect");
    }
    assertThat(with.report().toString() + with.settings()).doesNotContain("hush-hush");
    ground.put(variable.name(), "  ");
    assertThat(valid(ground).settings()).isEqualTo(without);
  }

  @Test
  @DisplayName("copies/E5: the defaults are the original's, of the generation that is in use")
  void defaults() {
    MyaasSettings old = valid(Map.of()).settings();
    assertThat(old.folders())
        .isEqualTo(
            new MyaasSettings.Folders(Path.of("/opt/hops/db"), Path.of("/opt/hops/db/dumps")));
    assertThat(old.service())
        .isEqualTo(
            new MyaasSettings.Service(
                "habitissimo/myaas-mysql:10.1",
                Path.of("/var/run/docker.sock"),
                "127.0.0.1",
                "localhost",
                "myaas-"));
    assertThat(old.database().engine()).isEqualTo("mariadb");
    assertThat(old.database().name()).isEqualTo("default");
    assertThat(old.database().user()).isEqualTo("myaas");
    assertThat(old.ttl()).isZero();
    assertThat(old.debug()).isFalse();
    MyaasSettings young = valid(Map.of("MYAAS_HOSTNAME", "db.example")).settings();
    assertThat(young.folders())
        .isEqualTo(new MyaasSettings.Folders(Path.of("/myaas"), Path.of("/myaas/dumps")));
    assertThat(young.service().image()).isEqualTo("habitissimo/myaas-mysql:10.1.23");
    assertThat(young.service().listen()).isEqualTo("0.0.0.0");
    assertThat(young.ttl()).hasSeconds(86_400);
    assertThat(
            valid(Map.of("MYAAS_BACKEND", "myaas.backends.postgres")).settings().service().image())
        .isEqualTo("postgres:9.4");
  }

  @Test
  @DisplayName("copies/E2: there is no default password, and a published one is called so")
  void passwords() {
    assertThat(valid(Map.of()).settings().database().password()).isEmpty();
    assertThat(valid(Map.of()).report().toString()).contains("random password");
    Reading.Valid published = valid(Map.of("MYSQL_ROOT_PASSWORD", "jiberish"));
    assertThat(published.settings().database().password().orElseThrow().reveal())
        .isEqualTo("jiberish");
    assertThat(published.report().toString()).contains("everybody knows it");
    assertThat(published.report().toString()).doesNotContain("jiberish");
  }

  @ParameterizedTest
  @CsvSource({
    "MYAAS_HOSTNAME, HOST_NAME",
    "MYAAS_MYSQL_IMAGE, MYSQL_DOCKER_IMAGE",
    "MYAAS_DB_PASSWORD, MYSQL_ROOT_PASSWORD",
    "MYAAS_DB_DATABASE, MYSQL_DATABASE",
    "MYAAS_BASE_DIR, HOPS_DATA_DIR",
    "MYAAS_BASE_DIR, HOPS_DUMP_DIR",
    "MYAAS_DOCKER_HOST, DOCKER_HOST"
  })
  @DisplayName("copies/E5: the newer variable goes before the older one, and the report says so")
  void both(MyaasVariable first, MyaasVariable second) {
    String value = EXAMPLES.get(first);
    Reading.Valid alone = valid(Map.of(first.name(), value));
    Reading.Valid both =
        valid(Map.of(first.name(), value, second.name(), EXAMPLES.get(second) + "2"));
    assertThat(both.settings()).isEqualTo(alone.settings());
    assertThat(both.report())
        .anyMatch(it -> it.startsWith(second + "=") && it.endsWith(first + " is set"));
  }

  @Test
  @DisplayName("copies/E5: the README's mixture of both generations is understood")
  void mixture() {
    MyaasSettings mixed =
        valid(
                Map.of(
                    "MYAAS_HOSTNAME", "db.example",
                    "MYSQL_DOCKER_IMAGE", "habitissimo/myaas-mysql:10.1",
                    "HOPS_DATA_DIR", "/hops/db/data",
                    "HOPS_DUMP_DIR", "/hops/db/dumps"))
            .settings();
    assertThat(mixed.service().image()).isEqualTo("habitissimo/myaas-mysql:10.1");
    assertThat(mixed.folders())
        .isEqualTo(new MyaasSettings.Folders(Path.of("/hops/db"), Path.of("/hops/db/dumps")));
  }

  @ParameterizedTest
  @CsvSource({
    "MYAAS_HOSTNAME, a b",
    "MYAAS_BACKEND, myaas.backends.oracle",
    "MYAAS_MYSQL_IMAGE, --privileged",
    "MYAAS_DB_DATABASE, a`b",
    "MYAAS_DB_USERNAME, root",
    "MYAAS_DB_USERNAME, a'b",
    "MYAAS_BASE_DIR, myaas",
    "HOPS_DATA_DIR, ../x",
    "HOPS_DUMP_DIR, x",
    "MYAAS_CONTAINER_TTL, 1d",
    "MYAAS_MEMORY_LIMIT, lots",
    "MYAAS_MEMORY_LIMIT, 1m",
    "MYAAS_MEMORY_LIMIT, 999999999999g",
    "MYAAS_DOCKER_HOST, tcp://10.0.0.1:2375",
    "MYAAS_PREFIX, -x",
    "MYAAS_DEBUG, perhaps"
  })
  @DisplayName("copies/C1: a value that makes no sense is a problem that names the variable")
  void problems(String name, String value) {
    Reading reading = MyaasEnvironment.read(Map.of(name, value));
    assertThat(reading).isInstanceOf(Reading.Invalid.class);
    assertThat(((Reading.Invalid) reading).problems())
        .isNotEmpty()
        .allMatch(it -> it.startsWith(name + " '" + value + "': "));
  }

  @Test
  @DisplayName("copies/C1: all problems are told at once, and a wrong password not at all")
  void all() {
    Reading reading =
        MyaasEnvironment.read(
            Map.of("MYAAS_DEBUG", "x", "HOPS_DUMP_DIR", "x", "MYAAS_DB_PASSWORD", "hush\nhush"));
    assertThat(((Reading.Invalid) reading).problems()).hasSize(3);
    assertThat(reading.toString()).doesNotContain("hush");
  }

  @Test
  @DisplayName("copies/E5: Docker's own variable alone does not mean the original")
  void meant() {
    assertThat(MyaasEnvironment.isMeant(Map.of("DOCKER_HOST", "x", "PATH", "y"))).isFalse();
    assertThat(MyaasEnvironment.isMeant(Map.of("HOST_NAME", "x"))).isTrue();
    assertThat(MyaasEnvironment.isMeant(Map.of("HOST_NAME", ""))).isFalse();
  }

  @Test
  @DisplayName("copies/E5: the documentation has every variable with what it means and becomes")
  void documented() throws IOException {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("docs/db-replicator.md"))) {
      folder = Optional.ofNullable(folder.getParent()).orElseThrow();
    }
    List<String> rows =
        Files.readAllLines(folder.resolve("docs/db-replicator.md")).stream()
            .filter(line -> line.matches("\\| `[A-Z_]+` \\|.*"))
            .toList();
    List<String> wanted = new java.util.ArrayList<>();
    for (MyaasVariable it : MyaasVariable.values()) {
      String becomes = it.lifted().map(why -> "nothing: " + why).orElse(it.becomes());
      wanted.add("| `%s` | %s | %s | %s |".formatted(it.name(), it.meaning(), it.unset(), becomes));
    }
    assertThat(rows).isEqualTo(wanted);
  }
}
