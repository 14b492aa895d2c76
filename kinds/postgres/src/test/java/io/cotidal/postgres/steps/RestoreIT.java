package io.cotidal.postgres.steps;

import static io.cotidal.postgres.steps.TestCluster.A;
import static io.cotidal.postgres.steps.TestCluster.B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cotidal.lab.PostgresBinaries;
import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.model.MemberId;
import io.cotidal.model.Step;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.LogKeeping;
import io.cotidal.postgres.plan.archiving.Restore;
import io.cotidal.postgres.spec.Archive;
import io.cotidal.postgres.spec.Care;
import io.cotidal.postgres.spec.Reach;
import io.cotidal.remote.Durable;
import io.cotidal.remote.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Base backups of a real server into two folders, and clusters that are made out of them. */
@Timeout(180)
class RestoreIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String BACKUP = "20260101T000000Z";

  private Path home;
  private Path first;
  private Path second;
  private Path bin;
  private TestCluster orders;
  private final List<TestCluster> others = new ArrayList<>();

  @BeforeEach
  void begin() throws Exception {
    Optional<Path> installed = PostgresBinaries.installed(15);
    if (installed.isEmpty() && "1".equals(System.getenv("COT_REQUIRE_SERVERS"))) {
      throw new AssertionError("apt-get install postgresql-15");
    }
    assumeTrue(installed.isPresent(), "SKIPPED, no restore proven: apt-get install postgresql-15");
    bin = installed.orElseThrow();
    home = Files.createTempDirectory("cotidal-restore-it");
    Files.setPosixFilePermissions(
        home, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
    first = Files.createDirectory(home.resolve("first one's folder"));
    second = Files.createDirectory(home.resolve("second"));
    Archive archive =
        new Archive(
                new Archive.Place.Folder(first),
                true,
                TestCluster.QUERY,
                1L << 30,
                Duration.ofSeconds(1))
            .and(new Archive.Place.Folder(second));
    orders = cluster(Care.PLAIN.with(archive));
    orders.own(first);
    orders.own(second);
    orders.first();
  }

  @AfterEach
  void end() throws IOException {
    for (TestCluster other : others) {
      other.close();
    }
    if (home != null) {
      Durable.empty(home);
      Files.delete(home);
    }
  }

  private TestCluster cluster(Care care) throws IOException {
    TestCluster made =
        new TestCluster(
            bin,
            TestCluster.PASSWORD,
            (name, places) -> new Reach.Local(),
            practice -> practice.caring(care));
    others.add(made);
    return made;
  }

  /** A cluster that can be made out of those folders. */
  private TestCluster then(
      Optional<Archive> archive, List<io.cotidal.postgres.spec.Restore.Check> checks, Path... from)
      throws IOException {
    Care care =
        Care.PLAIN.from(
            new io.cotidal.postgres.spec.Restore(
                List.of(from).stream().<Archive.Place>map(Archive.Place.Folder::new).toList(),
                checks));
    return cluster(archive.isEmpty() ? care : care.with(archive.get()));
  }

  private static void run(TestCluster cluster, MemberId member, String... statements)
      throws PgException {
    try (PgSession session = cluster.session(member)) {
      for (String statement : statements) {
        session.run(statement, TestCluster.QUERY);
      }
    }
  }

  private static String ask(TestCluster cluster, MemberId member, String sql) throws PgException {
    try (PgSession session = cluster.session(member)) {
      return session.one(sql, TestCluster.QUERY, row -> String.valueOf(row.getString(1)));
    }
  }

  /** Ends the segment, and waits until it is archived. */
  private void archive() throws PgException {
    run(orders, A, "SELECT txid_current()");
    String name = ask(orders, A, "SELECT pg_walfile_name(pg_switch_wal())");
    await()
        .atMost(PATIENCE)
        .until(() ->
            ask(orders, A, "SELECT coalesce(last_archived_wal, '') FROM pg_stat_archiver")
                    .compareTo(name)
                >= 0);
  }

  private Details backUp(MemberId member, String id, int repository) {
    return orders.done(
        orders
            .step(Acts.BACKUP, member)
            .named("backup " + repository)
            .with(Acts.ID, id)
            .with(Acts.REPOSITORY, repository));
  }

  private static Step choose(TestCluster to, Map<String, String> target) {
    Step step = to.step(Acts.RESTORE_CHOOSE, A);
    for (Map.Entry<String, String> each : target.entrySet()) {
      step = step.with(each.getKey(), each.getValue());
    }
    return step;
  }

  private static Step recover(TestCluster to, Map<String, String> target, Details chosen) {
    Step step =
        to.step(Acts.RECOVER, A)
            .with(Acts.TIMELINE, chosen.need(Acts.TIMELINE))
            .with(Acts.POSITION, chosen.need(Acts.POSITION));
    for (Map.Entry<String, String> each : target.entrySet()) {
      step = step.with(each.getKey(), each.getValue());
    }
    return step;
  }

  private static Step lay(TestCluster to, Details chosen) {
    return to.step(Acts.LAY, A).with(Acts.ID, chosen.need(Acts.ID)).with(Acts.BYTES, 1000);
  }

  /** All of it, up to the promotion; what recovery said. */
  private static Details restore(TestCluster to, Map<String, String> target) {
    Details chosen = to.done(choose(to, target));
    to.done(lay(to, chosen));
    Details recovered = to.done(recover(to, target, chosen));
    to.done(to.step(Acts.PROVE, A));
    to.done(to.step(Acts.PROMOTE, A).with(Acts.QUORUM, "").with(Acts.K, 0));
    to.done(to.step(Acts.RESTORED, A));
    return recovered;
  }

  private static String rows(TestCluster cluster) throws PgException {
    return ask(cluster, A, "SELECT string_agg(n::text, ',' ORDER BY n) FROM item");
  }

  @Test
  @DisplayName(
      "postgres/S31: to a time, a position and a name, the rows of then are there and later ones"
          + " are not; the other cluster's archive stays as it is")
  void toThen() throws Exception {
    run(orders, A, "CREATE TABLE item (n int)", "INSERT INTO item VALUES (1)");
    Details taken = backUp(A, BACKUP, 1);
    assertThat(taken.need("verified")).isEqualTo("yes");
    Step again =
        orders.step(Acts.BACKUP, A).named("backup 1").with(Acts.ID, BACKUP).with("repository", 1);
    assertThat(orders.inspect(again)).isInstanceOf(Inspection.Applied.class);
    run(orders, A, "INSERT INTO item VALUES (2)");
    await().pollDelay(Duration.ofMillis(1100)).until(() -> true);
    String time = ask(orders, A, "SELECT to_char(now(), 'YYYY-MM-DD HH24:MI:SS.USTZH:TZM')");
    String lsn = ask(orders, A, "SELECT pg_current_wal_lsn()");
    run(orders, A, "INSERT INTO item VALUES (3)", "SELECT pg_create_restore_point('before drop')");
    run(orders, A, "INSERT INTO item VALUES (4)", "DROP TABLE item", "CREATE TABLE item (n int)");
    archive();
    Set<String> before = names(first);

    Map<String, String> toTime = Map.of(Restore.TO_TIME, time);
    TestCluster timed = then(Optional.empty(), List.of(check("2")), first);
    Details recovered = restore(timed, toTime);
    assertThat(rows(timed)).isEqualTo("1,2");
    assertThat(recovered.need("said")).startsWith("recovery stopping before commit of transaction");
    assertThat(ask(timed, A, "SELECT current_setting('archive_mode')")).isEqualTo("off");
    assertThat(Files.readString(timed.server(A).data().resolve("postgresql.auto.conf")))
        .doesNotContain("recovery_target")
        .doesNotContain("restore_command");
    run(timed, A, "INSERT INTO item VALUES (99)", "SELECT pg_switch_wal()");

    TestCluster named = then(Optional.empty(), List.of(check("3")), first);
    Details chosen = named.done(choose(named, Map.of(Restore.TO_NAME, "before drop")));
    named.done(lay(named, chosen));
    Step step = recover(named, Map.of(Restore.TO_NAME, "before drop"), chosen);
    // The daemon ends in the middle, and the server too; the next one goes on.
    named.act(step.within(Duration.ofMillis(500)));
    named.signal(A, Signal.KILL);
    assertThat(named.done(step).need("said")).contains("recovery stopping at restore point");
    assertThat(named.inspect(step)).isInstanceOf(Inspection.Applied.class);
    assertThat(rows(named)).isEqualTo("1,2,3");
    named.done(named.step(Acts.PROVE, A));

    // The same server to another target: it was never promoted.
    Map<String, String> toLsn = Map.of(Restore.TO_LSN, lsn);
    chosen = named.done(choose(named, toLsn));
    assertThat(named.failed(lay(named, chosen).named("again"))).contains("not empty");
    named.done(lay(named, chosen).named("again").with(Acts.AGAIN, true));
    named.done(recover(named, toLsn, chosen).named("recover again"));
    assertThat(rows(named)).startsWith("1,2");
    assertThat(named.failed(named.step(Acts.PROVE, A)))
        .contains("the answer is '")
        .contains("should be '3'");

    assertThat(names(first)).isEqualTo(before);
  }

  private static io.cotidal.postgres.spec.Restore.Check check(String answer) {
    return new io.cotidal.postgres.spec.Restore.Check(
        "postgres", "SELECT count(*) FROM item", answer);
  }

  private static Set<String> names(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return new TreeSet<>(files.map(file -> file.getFileName().toString()).toList());
    }
  }

  @Test
  @DisplayName(
      "postgres/S31: the latest of a cluster that failed over and is gone, of a backup of its"
          + " replica, with one repository wiped and the other damaged in part")
  void theOtherRepository() throws Exception {
    run(orders, A, "CREATE TABLE item (n int)", "INSERT INTO item VALUES (1)");
    orders.replica(B);
    Details taken = backUp(B, BACKUP, 1);
    assertThat(backUp(B, BACKUP, 2).need("stop")).isEqualTo(taken.need("stop"));
    run(orders, A, "INSERT INTO item VALUES (2)");
    archive();
    orders.done(orders.step(Acts.FENCE, A));
    orders.done(orders.step(Acts.PROMOTE, B).with(Acts.QUORUM, "").with(Acts.K, 0));
    try (PgSession session = orders.session(B)) {
      session.run("INSERT INTO item VALUES (3)", TestCluster.QUERY);
      session.run("SELECT pg_switch_wal()", TestCluster.QUERY);
    }
    await()
        .atMost(PATIENCE)
        .until(() -> names(second).stream().anyMatch(name -> name.matches("00000003.{16}")));
    String history = names(second).stream().filter(n -> n.endsWith("3.history")).findFirst().get();
    orders.close();
    others.remove(orders);

    // One repository lost its log, the other its backup.
    for (String name : names(first)) {
      if (name.length() == 24 || name.endsWith(".history")) {
        Files.delete(first.resolve(name));
      }
    }
    Path file = second.resolve("base").resolve(BACKUP).resolve("data/PG_VERSION");
    Files.writeString(file, "99\n");
    Archive own = new Archive(new Archive.Place.Folder(Files.createDirectory(home.resolve("own"))));
    TestCluster latest = then(Optional.of(own), List.of(check("3")), second, first);
    latest.own(home.resolve("own"));
    Details recovered = restore(latest, Map.of());
    assertThat(recovered.need(Acts.TIMELINE)).isEqualTo("3");
    assertThat(rows(latest)).isEqualTo("1,2,3");
    latest.replica(B);
    run(latest, A, "INSERT INTO item VALUES (4)", "SELECT pg_switch_wal()");
    await()
        .atMost(PATIENCE)
        .until(() -> names(home.resolve("own")).stream().anyMatch(n -> n.startsWith("00000004")));
    assertThat(names(second)).noneMatch(name -> name.startsWith("00000004"));
    assertThat(history).isEqualTo("00000003.history");
    assertThat(ask(latest, A, "SELECT current_setting('restore_command')")).endsWith("fetch %f %p");
  }

  @Test
  @Tag("slow")
  @DisplayName(
      "postgres/S32: a dead repository keeps the other from nothing, is told by name, and gets all"
          + " once it is back")
  void deadRepository() throws Exception {
    archive();
    Path away = second.resolveSibling("away");
    Files.move(second, away);
    List<String> filled = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      run(orders, A, "SELECT txid_current()");
      filled.add(ask(orders, A, "SELECT pg_walfile_name(pg_switch_wal())"));
    }
    await().atMost(PATIENCE).until(() -> names(first).containsAll(filled));
    await().atMost(PATIENCE).until(() -> orders.log(A).contains("was not taken by " + second));
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> {
          LogKeeping kept = orders.facts(A).log();
          assertThat(kept).isNotNull();
          assertThat(kept.archiver().without()).isEqualTo(second.toString());
        });
    assertThat(orders.failed(backUpStep(2))).contains("is not there");
    assertThat(backUp(A, BACKUP, 1).need("verified")).isEqualTo("yes");
    Files.move(away, second);
    archive();
    assertThat(names(second)).containsAll(filled);
    orders.done(orders.step(Acts.ARCHIVE_CHECK, A));
  }

  private Step backUpStep(int repository) {
    return orders
        .step(Acts.BACKUP, A)
        .named("backup " + repository)
        .with(Acts.ID, BACKUP)
        .with(Acts.REPOSITORY, repository);
  }

  @Test
  @DisplayName(
      "postgres/S31: what cannot be reached is refused in one line before anything is touched")
  void refused() throws Exception {
    TestCluster to = then(Optional.empty(), List.of(), first);
    assertThat(to.failed(choose(to, Map.of()))).contains("has no base backup");
    archive();
    backUp(A, BACKUP, 1);
    run(orders, A, "SELECT pg_create_restore_point('x')", "SELECT pg_create_restore_point('x')");
    archive();
    archive();
    String middle = ask(orders, A, "SELECT last_archived_wal FROM pg_stat_archiver");
    archive();
    assertThat(to.failed(choose(to, Map.of(Restore.TO_TIME, "2020-01-01 00:00:00Z"))))
        .contains("lies before the first base backup");
    assertThat(to.failed(choose(to, Map.of(Restore.TO_TIME, "2090-01-01 00:00:00Z"))))
        .contains("the archive ends with");
    assertThat(to.failed(choose(to, Map.of(Restore.TO_LSN, "FF/0")))).contains("archive ends with");
    assertThat(to.failed(choose(to, Map.of(Restore.TO_NAME, "nobody")))).contains("it knows x");
    assertThat(to.failed(choose(to, Map.of(Restore.TO_NAME, "x")))).contains("several");
    assertThat(to.failed(choose(to, Map.of(Restore.TIMELINE, "7")))).contains("timeline 7");
    TestCluster same =
        then(Optional.of(new Archive(new Archive.Place.Folder(first))), List.of(), first);
    assertThat(same.failed(choose(same, Map.of()))).contains("restored from: name another");
    Files.delete(first.resolve(middle));
    assertThat(to.failed(choose(to, Map.of()))).contains("the archive lacks " + middle);
    assertThat(to.server(A).data()).doesNotExist();

    // Sound when it was chosen, and not when it is laid.
    Files.createFile(first.resolve(middle));
    Details chosen = to.done(choose(to, Map.of()));
    Path data = first.resolve("base").resolve(BACKUP).resolve("data");
    Files.writeString(data.resolve("global/pg_filenode.map"), "x");
    assertThat(to.failed(lay(to, chosen))).contains("is damaged in " + first);
    assertThat(to.look(A).host().facts().need(Acts.DATA)).isEqualTo("incomplete");
  }

  @Test
  @DisplayName("postgres/S31: pruned are the oldest; what is left keeps the log that it needs")
  void pruned() throws Exception {
    archive();
    for (int i = 1; i <= 3; i++) {
      backUp(A, "20260101T00000" + i + "Z", 1);
      archive();
    }
    Files.createDirectory(first.resolve("base/.new-20260101T000009Z"));
    Step prune = orders.step(Acts.PRUNE, A).with(Acts.KEEP, 2).with(Acts.REPOSITORY, 1);
    assertThat(orders.done(prune).need("said")).isEqualTo("removed 1");
    assertThat(names(first.resolve("base")))
        .containsExactly(".lock", "20260101T000002Z", "20260101T000003Z");
    String list = orders.done(orders.step(Acts.ARCHIVE_LIST, A)).need(Acts.LIST);
    assertThat(list).contains("base 20260101T000002Z").doesNotContain("20260101T000003Z");
  }
}
