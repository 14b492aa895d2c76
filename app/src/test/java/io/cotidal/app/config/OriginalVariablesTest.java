package io.cotidal.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.app.kinds.Kinds;
import io.cotidal.copies.compat.MyaasVariable;
import io.cotidal.copies.spec.CopiesSpec;
import io.cotidal.model.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the original's variables alone make of a daemon, variable by variable. */
@Timeout(30)
@DisplayName("a daemon with the original's environment and no file")
final class OriginalVariablesTest {
  @TempDir private Path folder;

  /**
   * A variable and its effect.
   *
   * @param beside what is set with it, and without it too
   * @param effect what of the configuration it decides
   * @param unset what that is without it
   * @param set what that is with it
   */
  record Row(
      MyaasVariable variable,
      Map<String, String> beside,
      String value,
      Function<Templates, Object> effect,
      Object unset,
      Object set) {
    @Override
    public String toString() {
      return variable.name();
    }
  }

  private static final Map<String, String> OLD = Map.of("HOPS_TEMP_DIR", "/tmp/hops");
  private static final Map<String, String> NEW = Map.of("MYAAS_CPU_MAP", "0");
  private static final Map<String, String> POSTGRES =
      Map.of("MYAAS_BACKEND", "myaas.backends.postgres");

  private static CopiesSpec spec(Templates templates) {
    return templates.folder().orElseThrow();
  }

  private static Function<Templates, Object> service(Function<CopiesSpec.Service, Object> of) {
    return templates -> of.apply(spec(templates).service());
  }

  private static Function<Templates, Object> database(Function<CopiesSpec.Database, Object> of) {
    return templates -> of.apply(spec(templates).database());
  }

  private static Object reach(CopiesSpec.Service service) {
    return service.host() + " on " + service.listen();
  }

  private static Object image(CopiesSpec.Service service) {
    return (service.runtime() + " " + service.image()).strip();
  }

  private static Row row(
      MyaasVariable variable,
      Map<String, String> beside,
      String value,
      Function<Templates, Object> effect,
      List<Object> unsetAndSet) {
    return new Row(variable, beside, value, effect, unsetAndSet.getFirst(), unsetAndSet.getLast());
  }

  static Stream<Row> rows() {
    String here = "localhost on 127.0.0.1";
    String everywhere = "db.example on 0.0.0.0";
    Optional<Secret> none = Optional.empty();
    Optional<Secret> hush = Optional.of(new Secret("hush-hush"));
    Path docker = Path.of("/var/run/docker.sock");
    Path other = Path.of("/run/x.sock");
    Function<Templates, Object> volume = all -> spec(all).storage().volume();
    Function<Templates, Object> dumps = all -> spec(all).template().dumps().orElseThrow();
    return Stream.of(
        row(
            MyaasVariable.MYAAS_HOSTNAME,
            NEW,
            "db.example",
            service(OriginalVariablesTest::reach),
            List.of(here, everywhere)),
        row(
            MyaasVariable.HOST_NAME,
            OLD,
            "db.example",
            service(OriginalVariablesTest::reach),
            List.of(here, everywhere)),
        row(
            MyaasVariable.MYAAS_MYSQL_IMAGE,
            NEW,
            "mariadb:10.11",
            service(OriginalVariablesTest::image),
            List.of("process", "docker mariadb:10.11")),
        row(
            MyaasVariable.MYSQL_DOCKER_IMAGE,
            OLD,
            "mariadb:10.11",
            service(OriginalVariablesTest::image),
            List.of("process", "docker mariadb:10.11")),
        row(
            MyaasVariable.MYAAS_POSTGRES_IMAGE,
            POSTGRES,
            "postgres:15",
            service(OriginalVariablesTest::image),
            List.of("process", "docker postgres:15")),
        row(
            MyaasVariable.MYAAS_BACKEND,
            NEW,
            "myaas.backends.postgres",
            database(CopiesSpec.Database::engine),
            List.of("mariadb", "postgres")),
        row(
            MyaasVariable.MYAAS_DB_PASSWORD,
            NEW,
            "hush-hush",
            database(CopiesSpec.Database::password),
            List.of(none, hush)),
        row(
            MyaasVariable.MYSQL_ROOT_PASSWORD,
            OLD,
            "hush-hush",
            database(CopiesSpec.Database::password),
            List.of(none, hush)),
        row(
            MyaasVariable.MYAAS_DB_DATABASE,
            NEW,
            "shop",
            database(CopiesSpec.Database::name),
            List.of("default", "shop")),
        row(
            MyaasVariable.MYSQL_DATABASE,
            OLD,
            "shop",
            database(CopiesSpec.Database::name),
            List.of("default", "shop")),
        row(
            MyaasVariable.MYAAS_DB_USERNAME,
            NEW,
            "ann",
            database(CopiesSpec.Database::user),
            List.of("myaas", "ann")),
        row(
            MyaasVariable.MYAAS_BASE_DIR,
            NEW,
            "/srv/x",
            volume,
            List.of(Path.of("/myaas"), Path.of("/srv/x"))),
        row(
            MyaasVariable.HOPS_DATA_DIR,
            OLD,
            "/srv/x/data",
            volume,
            List.of(Path.of("/opt/hops/db"), Path.of("/srv/x"))),
        row(
            MyaasVariable.HOPS_DUMP_DIR,
            OLD,
            "/srv/x/sql",
            dumps,
            List.of(Path.of("/opt/hops/db/dumps"), Path.of("/srv/x/sql"))),
        row(
            MyaasVariable.MYAAS_CONTAINER_TTL,
            NEW,
            "60",
            all -> spec(all).allowance().ttl(),
            List.of(Duration.ofDays(1), Duration.ofMinutes(1))),
        row(
            MyaasVariable.MYAAS_MEMORY_LIMIT,
            NEW,
            "512m",
            database(CopiesSpec.Database::memoryMegabytes),
            List.of(64, 512)),
        row(
            MyaasVariable.MYAAS_DOCKER_HOST,
            NEW,
            "unix:///run/x.sock",
            service(CopiesSpec.Service::socket),
            List.of(docker, other)),
        row(
            MyaasVariable.DOCKER_HOST,
            OLD,
            "unix://run/x.sock",
            service(CopiesSpec.Service::socket),
            List.of(docker, other)),
        row(
            MyaasVariable.MYAAS_PREFIX,
            NEW,
            "x-",
            all -> all.compat().orElseThrow().prefix(),
            List.of("myaas-", "x-")),
        row(
            MyaasVariable.MYAAS_DEBUG,
            NEW,
            "True",
            all -> all.compat().orElseThrow().debug(),
            List.of(false, true)));
  }

  private Configuration read(Map<String, String> environment) {
    Loaded loaded =
        Kinds.reader(Map.of(), environment, folder).withSystem(folder.resolve("none")).read(null);
    assertThat(loaded).isInstanceOf(Loaded.Valid.class);
    return ((Loaded.Valid) loaded).configuration();
  }

  private static List<String> explained(Configuration configuration, MyaasVariable variable) {
    return configuration
        .explain()
        .lines()
        .filter(line -> line.startsWith("copies = " + variable + "="))
        .toList();
  }

  @ParameterizedTest(name = "copies/E5: {0}")
  @MethodSource("rows")
  void effect(Row row) {
    Map<String, String> environment = new HashMap<>(row.beside());
    assertThat(row.effect().apply(read(environment).of(Templates.class))).isEqualTo(row.unset());
    // A shell that exports an empty variable sets none.
    environment.put(row.variable().name(), " ");
    assertThat(row.effect().apply(read(environment).of(Templates.class))).isEqualTo(row.unset());
    environment.put(row.variable().name(), row.value());
    Configuration with = read(environment);
    assertThat(row.effect().apply(with.of(Templates.class))).isEqualTo(row.set());
    assertThat(explained(with, row.variable())).hasSize(1);
    assertThat(explained(with, row.variable()).getFirst())
        .endsWith("  # environment " + row.variable())
        .doesNotContain("no effect", "passed over", "hush-hush");
  }

  @Test
  @DisplayName("copies/E5: every variable is in the table, or is lifted and says why")
  void complete() {
    Set<MyaasVariable> shown = rows().map(Row::variable).collect(Collectors.toSet());
    for (MyaasVariable variable : MyaasVariable.values()) {
      assertThat(shown.contains(variable))
          .as("%s", variable)
          .isEqualTo(variable.lifted().isEmpty());
      if (variable.lifted().isPresent()) {
        Map<String, String> environment = new HashMap<>(NEW);
        environment.put(variable.name(), "7");
        Configuration with = read(environment);
        assertThat(with.of(Templates.class)).isEqualTo(read(NEW).of(Templates.class));
        assertThat(explained(with, variable)).hasSize(1);
        assertThat(explained(with, variable).getFirst())
            .contains(" has no effect: " + variable.lifted().get())
            .endsWith("  # environment " + variable);
      }
    }
  }

  @Test
  @DisplayName("copies/E2: a password from the manual is refused where others can reach the copies")
  void published() {
    for (Map<String, String> environment :
        List.of(
            Map.of("HOST_NAME", "db.example", "MYSQL_ROOT_PASSWORD", "jiberish"),
            Map.of("MYAAS_HOSTNAME", "db.example", "MYAAS_DB_PASSWORD", "myaas"))) {
      Loaded loaded =
          Kinds.reader(Map.of(), environment, folder).withSystem(folder.resolve("none")).read(null);
      assertThat(loaded).isInstanceOf(Loaded.Invalid.class);
      assertThat(((Loaded.Invalid) loaded).problems()).hasSize(1);
      assertThat(((Loaded.Invalid) loaded).problems().getFirst().toString())
          .contains("stands in the original's documentation", "_PASSWORD", "choose another")
          .doesNotContain("jiberish", "'myaas'");
    }
  }
}
