package io.cotidal.feeds.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cotidal.feeds.job.Blob;
import io.cotidal.feeds.job.Body;
import io.cotidal.feeds.job.Face;
import io.cotidal.feeds.job.Sort;
import io.cotidal.feeds.job.Subject;
import io.cotidal.feeds.job.Thing;
import io.cotidal.feeds.plan.Acts;
import io.cotidal.feeds.plan.Asks;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.feeds.table.Stage;
import io.cotidal.feeds.table.Tables;
import io.cotidal.feeds.table.Target;
import io.cotidal.feeds.transfer.Cache;
import io.cotidal.lab.PostgisServer;
import io.cotidal.lab.ServerRegistry;
import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.model.Step;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.LocalProcesses;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real PostGIS. */
@Timeout(60)
@DisplayName("Acts on the database")
class AtDatabaseIT {
  private static final Subject PARCELS = new Subject(Sort.LAYER, "sites", "parcels");
  private static final Body.Schemas SITES =
      new Body.Schemas("sites", "sites_data", "sites_outdated");
  private static final Target TARGET = new Target(SITES, "parcels");
  private static final Thing.Wish.Publish LAYER =
      new Thing.Wish.Publish(
          new Body.Layer(
              SITES,
              Optional.of(new Blob("master", "/dumps/x.db", "")),
              "geom",
              "POINT",
              true,
              true,
              Body.Access.EVERYBODY,
              Optional.empty(),
              new Face(
                  "",
                  "",
                  List.of(),
                  "",
                  Optional.empty(),
                  false,
                  new TreeMap<>(),
                  "",
                  Optional.empty(),
                  ""),
              List.of()),
          "d1",
          "f1",
          "");

  @TempDir static Path folder;
  private static ServerRegistry registry;
  private static PostgisServer server;
  private static Tables tables;
  private static Path dump;
  private final Publications publications = new Publications();
  private AtDatabase acts;

  @BeforeAll
  static void begin() throws Exception {
    String missing = PostgisServer.missing().orElse("");
    assumeTrue(
        missing.isEmpty() || System.getenv("COT_REQUIRE_SERVERS") != null, "SKIPPED: " + missing);
    registry = ServerRegistry.open(Files.createDirectories(folder.resolve("state")));
    server = PostgisServer.start(registry);
    server.createDatabase("master", false);
    server.createDatabase("replica", false);
    server.execute(
        "master", "CREATE SCHEMA sites_data; CREATE TABLE sites_data.parcels AS SELECT 1 AS one");
    dump = folder.resolve("parcels.db");
    server.dump("master", "sites_data.parcels", dump);
    Path scratch = Files.createDirectories(folder.resolve("scratch"));
    tables = new Tables(database(), new LocalProcesses(), scratch);
  }

  private static FeedsSpec.Database database() {
    return new FeedsSpec.Database(
        "127.0.0.1",
        server.port(),
        "replica",
        "publish",
        PostgisServer.ADMINISTRATOR,
        Optional.of(server.password()),
        Optional.empty(),
        1,
        1L << 30,
        Duration.ofMillis(300));
  }

  @AfterAll
  static void end() throws Exception {
    if (registry != null) {
      registry.close();
    }
  }

  @BeforeEach
  void published() throws Exception {
    server.execute(
        "replica",
        """
        DROP SCHEMA IF EXISTS sites, sites_data, publish CASCADE;
        DROP ROLE IF EXISTS reader; CREATE ROLE reader
        """);
    acts =
        new AtDatabase(
            tables,
            new Cache(folder.resolve("cache"), 1L << 30),
            publications,
            new AtRoles(tables, publications, false));
    Body.Roles roles = new Body.Roles("GRANT SELECT ON sites.parcels TO reader");
    TreeMap<Subject, Thing> things = new TreeMap<>();
    for (Thing each :
        List.of(
            thing(PARCELS, LAYER),
            thing(
                new Subject(Sort.ROLES, "roles", ""),
                new Thing.Wish.Publish(roles, "", "r", "")))) {
      things.put(each.subject(), each);
    }
    publications.are(things, Set.of());
    tables.prepare(
        new Body.Workspace(SITES, Body.Access.EVERYBODY, true, true), Deadline.in(patience()));
    tables.stage(new Stage(TARGET, dump, "g1", "d1"), Deadline.in(patience()));
  }

  private static Thing thing(Subject subject, Thing.Wish wish) {
    return new Thing(subject, "geo", "a/b.json", wish, Map.of(), new Thing.Origin("", "", ""));
  }

  private static Duration patience() {
    return Duration.ofSeconds(30);
  }

  private static Act.Turn turn(String act) {
    Step step =
        Step.act(act, FeedsSpec.DATABASE, act)
            .with(Acts.KEY, PARCELS.key())
            .with(Acts.ASK, Asks.of(LAYER))
            .with(Acts.TARGET, TARGET.toString())
            .with(Acts.GENERATION, "g1");
    return new Act.Turn(step, Deadline.in(patience()), progress -> {});
  }

  private static boolean reads() throws Exception {
    try (Connection connection = server.connect("replica");
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT relacl::text ~ 'reader' FROM pg_class WHERE oid = 'sites.parcels'::regclass")) {
      return rows.next() && rows.getBoolean(1);
    }
  }

  @Test
  @DisplayName("say which grants could not be made after an exchange, and make up for them")
  void grants() throws Exception {
    server.execute("replica", "DROP ROLE reader");
    Details evidence = acts.swapping().act(turn(Acts.SWAP));
    assertThat(evidence.need(Acts.UNGRANTED)).contains("role reader is not here");
    assertThat(acts.swapping().inspect(turn(Acts.SWAP)))
        .isInstanceOfSatisfying(
            Inspection.Applied.class,
            found -> assertThat(found.evidence().need(Acts.UNGRANTED)).isNotEmpty());
    assertThatThrownBy(() -> acts.preparing().act(turn(Acts.PREPARE)))
        .hasMessageContaining("role reader is not here");

    server.execute("replica", "CREATE ROLE reader");
    assertThat(acts.preparing().act(turn(Acts.PREPARE)).need(Acts.CHANGED)).isEqualTo("true");
    assertThat(reads()).isTrue();
    assertThat(acts.preparing().act(turn(Acts.PREPARE)).need(Acts.CHANGED)).isEqualTo("false");
  }

  @Test
  @DisplayName("grant anew upon a view that somebody dropped")
  void dropped() throws Exception {
    acts.swapping().act(turn(Acts.SWAP));
    assertThat(reads()).isTrue();
    server.execute("replica", "DROP VIEW sites.parcels");
    assertThat(acts.swapping().act(turn(Acts.SWAP)).get(Acts.UNGRANTED, "")).isEmpty();
    assertThat(reads()).isTrue();
  }
}
