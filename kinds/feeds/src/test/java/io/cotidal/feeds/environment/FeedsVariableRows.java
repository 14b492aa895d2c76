package io.cotidal.feeds.environment;

import static io.cotidal.feeds.environment.FeedsVariable.BORGCOLLECTOR_SSH;
import static io.cotidal.feeds.environment.FeedsVariable.BORG_SSH;
import static io.cotidal.feeds.environment.FeedsVariable.BORG_STATE_HOME;
import static io.cotidal.feeds.environment.FeedsVariable.BORG_STATE_REPOSITORY;
import static io.cotidal.feeds.environment.FeedsVariable.BORG_STATE_SSH;
import static io.cotidal.feeds.environment.FeedsVariable.CACHE_PATH;
import static io.cotidal.feeds.environment.FeedsVariable.COT_FEED_BRANCH;
import static io.cotidal.feeds.environment.FeedsVariable.COT_FEED_CACHE_BUDGET;
import static io.cotidal.feeds.environment.FeedsVariable.COT_FEED_DEADLINE;
import static io.cotidal.feeds.environment.FeedsVariable.COT_FEED_GEOSERVER_PGSQL_HOST;
import static io.cotidal.feeds.environment.FeedsVariable.COT_FEED_KEEP;
import static io.cotidal.feeds.environment.FeedsVariable.COT_FEED_KEEP_BUDGET;
import static io.cotidal.feeds.environment.FeedsVariable.COT_FEED_KNOWN_HOSTS;
import static io.cotidal.feeds.environment.FeedsVariable.COT_FEED_LOCK_WAIT;
import static io.cotidal.feeds.environment.FeedsVariable.COT_FEED_LONGEST_PAUSE;
import static io.cotidal.feeds.environment.FeedsVariable.COT_FEED_MODE;
import static io.cotidal.feeds.environment.FeedsVariable.COT_FEED_PG_BIN;
import static io.cotidal.feeds.environment.FeedsVariable.COT_FEED_REPAIR;
import static io.cotidal.feeds.environment.FeedsVariable.COT_FEED_REPOSITORY_URL;
import static io.cotidal.feeds.environment.FeedsVariable.COT_FEED_SIGNERS;
import static io.cotidal.feeds.environment.FeedsVariable.COT_FEED_TOGETHER;
import static io.cotidal.feeds.environment.FeedsVariable.COT_FEED_TOOL;
import static io.cotidal.feeds.environment.FeedsVariable.FEATURE_FILTER;
import static io.cotidal.feeds.environment.FeedsVariable.GEOSERVER_DATA_DIR;
import static io.cotidal.feeds.environment.FeedsVariable.GEOSERVER_PASSWORD;
import static io.cotidal.feeds.environment.FeedsVariable.GEOSERVER_PGSQL_DATABASE;
import static io.cotidal.feeds.environment.FeedsVariable.GEOSERVER_PGSQL_HOST;
import static io.cotidal.feeds.environment.FeedsVariable.GEOSERVER_PGSQL_PASSWORD;
import static io.cotidal.feeds.environment.FeedsVariable.GEOSERVER_PGSQL_PORT;
import static io.cotidal.feeds.environment.FeedsVariable.GEOSERVER_PGSQL_SCHEMA;
import static io.cotidal.feeds.environment.FeedsVariable.GEOSERVER_PGSQL_USERNAME;
import static io.cotidal.feeds.environment.FeedsVariable.GEOSERVER_URL;
import static io.cotidal.feeds.environment.FeedsVariable.GEOSERVER_USERNAME;
import static io.cotidal.feeds.environment.FeedsVariable.GEOSERVER_WORKSPACE_NAMESPACE;
import static io.cotidal.feeds.environment.FeedsVariable.LAYERGROUP_FILTER;
import static io.cotidal.feeds.environment.FeedsVariable.LISTEN_CHANNELS;
import static io.cotidal.feeds.environment.FeedsVariable.MASTER_PATH_PREFIX;
import static io.cotidal.feeds.environment.FeedsVariable.MASTER_PGSQL_DATABASE;
import static io.cotidal.feeds.environment.FeedsVariable.MASTER_PGSQL_HOST;
import static io.cotidal.feeds.environment.FeedsVariable.MASTER_PGSQL_PASSWORD;
import static io.cotidal.feeds.environment.FeedsVariable.MASTER_PGSQL_PORT;
import static io.cotidal.feeds.environment.FeedsVariable.MASTER_PGSQL_SCHEMA;
import static io.cotidal.feeds.environment.FeedsVariable.MASTER_PGSQL_USERNAME;
import static io.cotidal.feeds.environment.FeedsVariable.POLL_INTERVAL;
import static io.cotidal.feeds.environment.FeedsVariable.SHARE_LAYER_DATA;
import static io.cotidal.feeds.environment.FeedsVariable.SKIP_AUTH;
import static io.cotidal.feeds.environment.FeedsVariable.SKIP_DB;
import static io.cotidal.feeds.environment.FeedsVariable.SKIP_GS;
import static io.cotidal.feeds.environment.FeedsVariable.SKIP_RULES;
import static io.cotidal.feeds.environment.FeedsVariable.SLAVE_NAME;
import static io.cotidal.feeds.environment.FeedsVariable.STATE_REPOSITORY_ROOT;
import static io.cotidal.feeds.environment.FeedsVariable.SYNC_PATH;
import static io.cotidal.feeds.environment.FeedsVariable.SYNC_SERVER;
import static io.cotidal.feeds.environment.FeedsVariable.WMS_FILTER;
import static io.cotidal.feeds.environment.FeedsVariableRow.row;
import static io.cotidal.feeds.environment.FeedsVariableRow.told;

import io.cotidal.feeds.filter.Filter;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.feeds.spec.FeedsSpec.GeoServer;
import io.cotidal.feeds.spec.FeedsSpec.Relay;
import io.cotidal.model.Mode;
import io.cotidal.model.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** The original's variables, each with what it decides. */
final class FeedsVariableRows {
  private static final String SSH = "ssh -i /etc/key -p 2222 -o ConnectTimeout=7";

  private static Function<FeedsSpec, Object> server(Function<GeoServer, Object> part) {
    return spec -> spec.geoservers().stream().map(part).toList();
  }

  private static Function<FeedsSpec, Object> database(Function<FeedsSpec.Database, Object> part) {
    return spec -> part.apply(spec.database().orElseThrow());
  }

  /** All of them. */
  static Stream<FeedsVariableRow> all() {
    return Stream.of(repository(), geoservers(), databases(), choices(), others())
        .flatMap(Function.identity());
  }

  private static Stream<FeedsVariableRow> repository() {
    Function<FeedsSpec, Object> folder = spec -> spec.repository().folder();
    Path usual = Path.of("/opt/dpaw-borg-state");
    Function<FeedsSpec, Object> ssh =
        spec ->
            List.of(spec.transfer().identity(), spec.transfer().port(), spec.transfer().connect());
    Object before = List.of(Path.of("/etc/id_rsa_borg"), 22, Duration.ofHours(1));
    Object after = List.of(Path.of("/etc/key"), 2222, Duration.ofSeconds(7));
    return Stream.of(
        row(STATE_REPOSITORY_ROOT, "/srv/state", folder, usual, Path.of("/srv/state")),
        row(BORG_STATE_REPOSITORY, "/srv/state", folder, usual, Path.of("/srv/state")),
        row(BORG_STATE_HOME, "/srv/state", folder, usual, Path.of("/srv/state")),
        row(
            CACHE_PATH,
            "/srv/cache",
            spec -> spec.transfer().cache(),
            usual.resolve("code/dumps"),
            Path.of("/srv/cache")),
        row(BORG_SSH, SSH, ssh, before, after),
        row(BORGCOLLECTOR_SSH, SSH, ssh, before, after),
        row(BORG_STATE_SSH, SSH, ssh, before, after),
        row(
            SYNC_SERVER,
            "borg@r2.example.org",
            spec -> spec.transfer().relay(),
            Optional.empty(),
            Optional.of(new Relay("borg@r2.example.org", "/opt/dpaw-borg-state/code/dumps"))),
        new FeedsVariableRow(
            SYNC_PATH,
            Map.of("SYNC_SERVER", "r2"),
            "/srv/dumps",
            spec -> spec.transfer().relay().orElseThrow().folder(),
            Optional.of("/opt/dpaw-borg-state/code/dumps"),
            "/srv/dumps"),
        row(SHARE_LAYER_DATA, "true", spec -> spec.transfer().serve(), false, true),
        row(MASTER_PATH_PREFIX, "/mnt/m", spec -> spec.transfer().prefix(), "", "/mnt/m"),
        row(
            COT_FEED_TOOL,
            "git",
            spec -> spec.repository().tool(),
            FeedsSpec.Tool.HG,
            FeedsSpec.Tool.GIT),
        row(COT_FEED_REPOSITORY_URL, "ssh://h/r", spec -> spec.repository().url(), "", "ssh://h/r"),
        row(COT_FEED_BRANCH, "main", spec -> spec.repository().branch(), "", "main"),
        row(
            COT_FEED_SIGNERS,
            "/etc/signers",
            spec -> spec.repository().signers(),
            Optional.empty(),
            Optional.of(Path.of("/etc/signers"))),
        row(
            COT_FEED_KNOWN_HOSTS,
            "/etc/known",
            spec -> spec.transfer().knownHosts(),
            Path.of("/etc/ssh/ssh_known_hosts"),
            Path.of("/etc/known")),
        row(
            COT_FEED_CACHE_BUDGET,
            "2MiB",
            spec -> spec.transfer().budgetBytes(),
            10L << 30,
            2L << 20));
  }

  private static Stream<FeedsVariableRow> geoservers() {
    return Stream.of(
        row(
            GEOSERVER_URL,
            "https://a.example.org/geoserver/, https://b.example.org/geoserver",
            server(GeoServer::url),
            List.of("http://localhost:8080/geoserver"),
            List.of("https://a.example.org/geoserver", "https://b.example.org/geoserver")),
        row(
            GEOSERVER_DATA_DIR,
            "/srv/gs",
            server(GeoServer::data),
            List.of(Optional.of(Path.of("/opt/geoserver/data_dir"))),
            List.of(Optional.of(Path.of("/srv/gs")))),
        row(GEOSERVER_USERNAME, "me", server(GeoServer::user), List.of("admin"), List.of("me")),
        new FeedsVariableRow(
            GEOSERVER_PASSWORD,
            Map.of(),
            "hush,1",
            server(GeoServer::password),
            Optional.empty(),
            List.of(new Secret("hush,1"))),
        row(
            GEOSERVER_WORKSPACE_NAMESPACE,
            "urn:x:{}",
            server(GeoServer::namespace),
            List.of("http://%s.dpaw.wa.gov.au"),
            List.of("urn:x:%s")),
        row(
            COT_FEED_GEOSERVER_PGSQL_HOST,
            "db",
            server(GeoServer::databaseHost),
            List.of(Optional.empty()),
            List.of(Optional.of("db"))));
  }

  private static Stream<FeedsVariableRow> databases() {
    return Stream.of(
        row(GEOSERVER_PGSQL_HOST, "db", database(d -> d.host()), "localhost", "db"),
        row(GEOSERVER_PGSQL_PORT, "5433", database(d -> d.port()), 5432, 5433),
        row(GEOSERVER_PGSQL_DATABASE, "gis", database(d -> d.name()), "borg_slave", "gis"),
        row(GEOSERVER_PGSQL_SCHEMA, "gs", database(d -> d.schema()), "publish", "gs"),
        row(GEOSERVER_PGSQL_USERNAME, "borg", database(d -> d.user()), "test", "borg"),
        new FeedsVariableRow(
            GEOSERVER_PGSQL_PASSWORD,
            Map.of(),
            " hush ",
            database(d -> d.password()),
            Optional.empty(),
            Optional.of(new Secret(" hush "))),
        row(
            COT_FEED_PG_BIN,
            "/usr/bin",
            database(d -> d.bin()),
            Optional.empty(),
            Optional.of(Path.of("/usr/bin"))),
        row(COT_FEED_KEEP, "3", database(d -> d.keep()), 1, 3),
        row(COT_FEED_KEEP_BUDGET, "5", database(d -> d.budgetBytes()), 10L << 30, 5L),
        row(
            COT_FEED_LOCK_WAIT,
            "250",
            database(d -> d.lockWait()),
            Duration.ofMillis(500),
            Duration.ofMillis(250)),
        told(MASTER_PGSQL_HOST, "m2", FeedsSpec.Status::host, null),
        told(MASTER_PGSQL_PORT, "5434", FeedsSpec.Status::port, 5432),
        told(MASTER_PGSQL_DATABASE, "b2", FeedsSpec.Status::database, null),
        told(MASTER_PGSQL_SCHEMA, "monitor", FeedsSpec.Status::schema, "public"),
        told(MASTER_PGSQL_USERNAME, "u2", FeedsSpec.Status::user, null),
        told(MASTER_PGSQL_PASSWORD, "p2", status -> status.password().orElseThrow().reveal(), null),
        told(SLAVE_NAME, "r2", FeedsSpec.Status::replica, "this-machine"));
  }

  private static Stream<FeedsVariableRow> choices() {
    String none = "lambda job: False";
    return Stream.of(
        row(
            LISTEN_CHANNELS,
            "kmi, dpaw,",
            spec -> spec.choice().channels(),
            Set.of("geoserver"),
            Set.of("kmi", "dpaw")),
        row(FEATURE_FILTER, none, spec -> spec.choice().features(), Filter.ALL, Filter.NONE),
        row(WMS_FILTER, none, spec -> spec.choice().wms(), Filter.ALL, Filter.NONE),
        row(LAYERGROUP_FILTER, none, spec -> spec.choice().groups(), Filter.ALL, Filter.NONE),
        row(SKIP_AUTH, "true", spec -> spec.choice().skips().roles(), false, true),
        row(SKIP_RULES, "yes", spec -> spec.choice().skips().rules(), false, true),
        row(SKIP_DB, "True", spec -> spec.choice().skips().database(), false, true),
        row(SKIP_GS, "true", spec -> spec.choice().skips().geoserver(), false, true));
  }

  private static Stream<FeedsVariableRow> others() {
    return Stream.of(
        row(
            POLL_INTERVAL,
            "5",
            spec -> spec.pace().poll(),
            Duration.ofMinutes(1),
            Duration.ofSeconds(5)),
        row(COT_FEED_MODE, "observe", FeedsSpec::mode, Mode.MANAGE, Mode.OBSERVE),
        row(
            COT_FEED_DEADLINE,
            "9",
            spec -> spec.pace().deadline(),
            Duration.ofSeconds(30),
            Duration.ofSeconds(9)),
        row(
            COT_FEED_LONGEST_PAUSE,
            "9",
            spec -> spec.pace().longestPause(),
            Duration.ofHours(1),
            Duration.ofSeconds(9)),
        row(COT_FEED_TOGETHER, "false", spec -> spec.pace().together(), true, false),
        row(COT_FEED_REPAIR, "no", spec -> spec.pace().repair(), true, false));
  }

  private FeedsVariableRows() {}
}
