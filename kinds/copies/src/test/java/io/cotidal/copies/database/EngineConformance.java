package io.cotidal.copies.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.copies.imports.Dump;
import io.cotidal.copies.imports.DumpException;
import io.cotidal.copies.imports.Dumps;
import io.cotidal.model.Secret;
import io.cotidal.remote.ProcessId;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/**
 * What every engine promises, on real servers. An engine passes if a subclass that names its dumps
 * and asks its servers does; nothing here speaks an engine's language.
 */
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class EngineConformance {
  static final User USER = new User("shop_user", new Secret("s3'cr\"et\\ $x%40"), "shop_db");
  static final Secret ADMINISTRATOR = new Secret("Adm1n-of-all-copies");

  /** Occurs in dumps as data, and may occur nowhere else. */
  static final String CANARY = "canary-4711@example.org";

  /** Data that the engine has made and nothing was loaded into. */
  private Place pristine;

  /** A generation that was loaded from the good dump and frozen. */
  private Place generation;

  private SortedMap<String, Long> rows = new TreeMap<>();
  private Rig rig;

  abstract Rig rig() throws Exception;

  /** SQL of a good dump: a table {@code customers} with two rows or more, one with the canary. */
  abstract String good();

  /** SQL that fails in its last line, which holds the canary. */
  abstract String broken();

  /** A statement, to be repeated, that takes the server a while. */
  abstract String slow();

  /** SQL that blanks every e-mail address. */
  abstract String mask();

  /** The rows of the good dump by table. */
  abstract SortedMap<String, Long> expected();

  /** The dump's text that makes the table {@code customers}, in one line. */
  abstract String table();

  /**
   * What a hostile dump may hold after {@link #table}, refused in the first line of it: each
   * reaches beyond the dump's own database. {@code %s} stands for a file that must not come to be.
   */
  abstract List<String> hostile();

  /** The dialect of the connection strings that {@link #emails} and {@link #write} understand. */
  String dialect() {
    return "jdbc";
  }

  /** The e-mail addresses that a user reads from the copy with that connection string. */
  abstract List<String> emails(String address) throws Exception;

  /** Changes one row as the user. */
  abstract void write(String address) throws Exception;

  @BeforeAll
  final void template() throws Exception {
    rig = rig();
    Place base = rig.place("base");
    rig.engine.initialise(rig.installation, base, Rig.soon());
    pristine = rig.clone(base, "pristine");
    generation = loaded(base, file("good.sql", good()));
    rows = freeze(generation);
  }

  @AfterAll
  final void end() throws Exception {
    rig.close();
  }

  final Rig open() {
    return rig;
  }

  final Place generation() {
    return generation;
  }

  /** A dump file that others may not read: it is fed to them. */
  final Path file(String name, String text) throws Exception {
    return file(name, text.getBytes(StandardCharsets.UTF_8));
  }

  final Path file(String name, byte[] content) throws Exception {
    return Files.write(rig.folder.resolve(name), content);
  }

  /** A copy of what the engine made once: making it takes longer than most tests. */
  final Place empty() throws Exception {
    return rig.clone(pristine, "base");
  }

  final Load load(Path file, Optional<Charset> charset, LongConsumer progress) throws Exception {
    Dump dump = Dumps.recognise(rig.folder, file);
    return new Load(dump, USER, charset, progress);
  }

  final Place loaded(Place place, Path file) throws Exception {
    rig.engine.load(rig.installation, place, load(file, Optional.empty(), bytes -> {}), Rig.soon());
    return place;
  }

  final SortedMap<String, Long> freeze(Place place) throws Exception {
    return rig.engine.freeze(
        rig.installation, place, new DatabaseEngine.Freeze(ADMINISTRATOR, USER), Rig.soon());
  }

  /** What refusing a dump says. */
  final String refusal(Place place, Path file) throws Exception {
    List<String> said = new ArrayList<>();
    assertThatThrownBy(() -> loaded(place, file))
        .isInstanceOfAny(EngineException.class, DumpException.class)
        .satisfies(problem -> said.add(problem.getMessage()));
    assertThat(rig.processesOf(place)).isEmpty();
    rig.drop(place);
    return said.getFirst();
  }

  final String address(Place place, User user) {
    return rig.engine
        .connectionStrings(place.host(), place.port(), user, place.certificate())
        .get(dialect());
  }

  /** A copy of the generation that runs and lets the user in, for as long as {@code use} takes. */
  final void copy(Place source, Use use) throws Exception {
    Place place = rig.clone(source, "copy");
    ProcessId server = rig.serve(place);
    try (Administration session = rig.administer(place, ADMINISTRATOR)) {
      session.admit(USER, Duration.ofSeconds(10));
      use.of(place, session);
    } finally {
      rig.kill(server);
    }
  }

  @FunctionalInterface
  interface Use {
    void of(Place place, Administration session) throws Exception;
  }

  @Test
  @DisplayName("copies/A1: a frozen template holds every row of its dump, and no process is left")
  void everyRow() throws Exception {
    assertThat(rows).isEqualTo(expected());
    assertThat(rig.processesOf(generation)).isEmpty();
  }

  @Test
  @DisplayName("copies/A1: a user reads the dump's rows in a copy, with the connection string")
  void rowsInACopy() throws Exception {
    copy(generation, (place, session) -> assertThat(emails(address(place, USER))).contains(CANARY));
  }

  @Test
  @DisplayName("copies/B1: before it is handed out nobody gets in; afterwards only that password")
  void passwords() throws Exception {
    Place place = rig.clone(generation, "copy");
    ProcessId server = rig.serve(place);
    try (Administration session = rig.administer(place, ADMINISTRATOR)) {
      assertThatThrownBy(() -> emails(address(place, USER))).isInstanceOf(Exception.class);
      session.admit(USER, Duration.ofSeconds(10));
      assertThat(emails(address(place, USER))).isNotEmpty();
      User second = new User(USER.name(), new Secret("another"), USER.database());
      assertThatThrownBy(() -> emails(address(place, second))).isInstanceOf(Exception.class);
      session.admit(second, Duration.ofSeconds(10));
      assertThat(emails(address(place, second))).isNotEmpty();
      assertThatThrownBy(() -> emails(address(place, USER))).isInstanceOf(Exception.class);
      assertThat(session.sessions(Duration.ofSeconds(5))).isZero();
    } finally {
      rig.kill(server);
    }
  }

  @Test
  @DisplayName(
      "copies/B1: the user's login tells who is in; no other password, no other certificate")
  void login() throws Exception {
    copy(
        generation,
        (place, session) -> {
          Duration soon = Duration.ofSeconds(5);
          try (UserSession user = rig.engine.login(place, USER, soon)) {
            user.confirm(soon);
            assertThat(session.sessions(soon)).isEqualTo(1);
            session.admit(new User(USER.name(), new Secret("next"), USER.database()), soon);
            assertThatThrownBy(() -> user.confirm(soon)).isInstanceOf(EngineException.class);
          }
          assertThatThrownBy(() -> rig.engine.login(place, USER, soon))
              .isInstanceOf(EngineException.class);
        });
  }

  @TestFactory
  @DisplayName("copies/A7: what reaches beyond the dump's own database is refused")
  final Stream<DynamicTest> refused() {
    return hostile().stream()
        .map(text ->
            DynamicTest.dynamicTest(
                text,
                () -> {
                  Path touched = rig.folder.resolve("touched");
                  String dump = table() + text.replace("%s", touched.toString()) + "\n";
                  assertThat(refusal(empty(), file("hostile.sql", dump))).contains("line 2");
                  assertThat(touched).doesNotExist();
                }));
  }

  @Test
  @DisplayName("copies/E3: the administrator talks to no server that shows another certificate")
  void otherCertificate() throws Exception {
    copy(
        generation,
        (place, session) -> {
          Place stranger = rig.place("stranger");
          Place mixed =
              new Place(
                  "mixed",
                  place.data(),
                  stranger.run(),
                  place.uid(),
                  place.host(),
                  place.port(),
                  place.memoryMegabytes());
          assertThatThrownBy(
                  () -> rig.engine.administer(mixed, ADMINISTRATOR, Duration.ofSeconds(5)))
              .isInstanceOf(EngineException.class);
        });
  }

  @Test
  @DisplayName("copies/E2: no password is in an argument, an environment or a log")
  void secrets() throws Exception {
    copy(
        generation,
        (place, session) -> {
          emails(address(place, USER));
          List<String> seen = new ArrayList<>();
          try (var all = Files.newDirectoryStream(Path.of("/proc"), "[1-9]*")) {
            for (Path process : all) {
              for (String name : List.of("cmdline", "environ")) {
                try {
                  seen.add(Files.readString(process.resolve(name), StandardCharsets.ISO_8859_1));
                } catch (java.io.IOException e) {
                  // Gone meanwhile.
                }
              }
            }
          }
          seen.add(Files.readString(place.log()));
          seen.add(Files.readString(generation.log()));
          assertThat(seen).anyMatch(text -> text.contains(place.data().toString()));
          assertThat(seen)
              .noneMatch(text -> text.contains(USER.password().reveal()))
              .noneMatch(text -> text.contains(ADMINISTRATOR.reveal()))
              .noneMatch(text -> text.contains(CANARY));
        });
  }

  @Test
  @DisplayName("copies/A2: a dump that fails at its end names the line and shows none of its data")
  void brokenDump() throws Exception {
    String text = broken();
    String said = refusal(empty(), file("broken.sql", text));
    assertThat(said)
        .contains("line " + text.lines().count())
        .doesNotContain(CANARY)
        .hasSizeLessThan(500)
        .hasLineCount(1);
  }

  @Test
  @DisplayName("copies/A2: a gzip that was cut short is refused by that reason")
  void cutShort() throws Exception {
    byte[] packed = Files.readAllBytes(packed("cut.sql.gz"));
    Path cut = file("cut.sql.gz", java.util.Arrays.copyOf(packed, packed.length * 2 / 3));
    assertThat(refusal(empty(), cut)).contains("cut short");
  }

  @Test
  @DisplayName("copies/A4: a cancelled load ends within five seconds and leaves no process")
  void cancel() throws Exception {
    Place place = empty();
    Path dump = file("slow.sql", slow().repeat(50));
    long[] looks = new long[2];
    Load load =
        load(
            dump,
            Optional.empty(),
            bytes -> {
              if (++looks[0] == 5) {
                looks[1] = System.nanoTime();
                throw new CancellationException("enough");
              }
            });
    assertThatThrownBy(() -> rig.engine.load(rig.installation, place, load, Rig.soon()))
        .isInstanceOf(CancellationException.class);
    assertThat(Duration.ofNanos(System.nanoTime() - looks[1])).isLessThan(Duration.ofSeconds(5));
    assertThat(rig.processesOf(place)).isEmpty();
  }

  @Test
  @DisplayName("copies/A4: progress grows from load to load's end, which is the file's size")
  void progress() throws Exception {
    Path dump = packed("progress.sql.gz");
    List<Long> told = new ArrayList<>();
    Place place = empty();
    rig.engine.load(rig.installation, place, load(dump, Optional.empty(), told::add), Rig.soon());
    assertThat(told).isSorted().last().isEqualTo(Files.size(dump));
  }

  @Test
  @DisplayName("copies/A6: the same dump packed gives the same digests; a write changes one")
  void digests() throws Exception {
    Place packed = loaded(empty(), packed("same.sql.gz"));
    freeze(packed);
    List<SortedMap<String, Administration.TableDigest>> found = new ArrayList<>();
    copy(generation, (place, session) -> found.add(digest(session)));
    copy(
        packed,
        (place, session) -> {
          found.add(digest(session));
          write(address(place, USER));
          found.add(digest(session));
        });
    assertThat(found.get(0).keySet()).isEqualTo(expected().keySet());
    assertThat(found.get(1)).isEqualTo(found.get(0));
    assertThat(found.get(2)).isNotEqualTo(found.get(0));
  }

  @Test
  @DisplayName("copies/D4: after a hook that masks, no copy shows what was masked")
  void hook() throws Exception {
    Place place = loaded(empty(), file("masked.sql", good()));
    rig.engine.hook(
        rig.installation, place, new DatabaseEngine.Hook(mask(), USER.database()), Rig.soon());
    assertThatThrownBy(() ->
            rig.engine.hook(
                rig.installation,
                place,
                new DatabaseEngine.Hook("THIS IS NO SQL;", USER.database()),
                Rig.soon()))
        .isInstanceOf(EngineException.class);
    freeze(place);
    copy(
        place,
        (made, session) ->
            assertThat(emails(address(made, USER))).isNotEmpty().doesNotContain(CANARY));
  }

  @Test
  @DisplayName("copies/A1: freezing what is frozen gives the same answer")
  void freezeTwice() throws Exception {
    Place place = loaded(empty(), file("twice.sql", good()));
    assertThat(freeze(place)).isEqualTo(freeze(place));
  }

  private static SortedMap<String, Administration.TableDigest> digest(Administration session)
      throws EngineException {
    return session.digest(USER.database(), Duration.ofSeconds(10));
  }

  private Path packed(String name) throws Exception {
    Path file = rig.folder.resolve(name);
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(good().getBytes(StandardCharsets.UTF_8));
    }
    return file;
  }
}
