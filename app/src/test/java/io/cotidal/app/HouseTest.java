package io.cotidal.app;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceRule;
import io.cotidal.app.kinds.Kinds;
import io.cotidal.app.kinds.Wing;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** The walls of the house: which room may lean on which, and what stays outside the pure ones. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HouseTest {

  /** Packages that only decide: the same code runs in the simulator. */
  private static final String[] PURE = {
    "io.cotidal.model..", "io.cotidal.engine..", "io.cotidal.*.plan.."
  };

  private static final String[] KINDS =
      Kinds.ALL.stream().map(wing -> wing.kind().name()).toArray(String[]::new);

  /** Who may start threads; a server's own pool of threads is Jetty's. */
  private static final String[] THREADED = {
    "io.cotidal.runtime..", "io.cotidal.lab..", "io.cotidal.bench..", "io.cotidal.app.."
  };

  /** Classes outside those that own a thread, each with its reason. */
  private static final Set<String> OWNERS =
      Set.of(
          // SQLite takes one writer.
          "io.cotidal.store.GroupCommit",
          // Asks a program beside the looks, of which none waits for it.
          "io.cotidal.postgres.hooks.StatusPlugin",
          // Watches a COPY: its writes to a server that reads no more have no deadline of their
          // own.
          "io.cotidal.pgclient.PgSession",
          // Hands bytes on between two programs, both ways at once.
          "io.cotidal.remote.Relay",
          // Listens for an answer while it sends a body that the server may want no more.
          "io.cotidal.remote.http.kept.Exchange",
          // Feeds a program, hears it and watches its deadline at once.
          "io.cotidal.copies.database.Client",
          // Feeds pg_restore, hears it and watches its deadline at once.
          "io.cotidal.feeds.table.Archive",
          // The disk of an outbox has one writer, for whom nobody waits in its own thread.
          "io.cotidal.gateway.outbox.Scribe",
          // Carries containers side by side, for as long as the gateway lives.
          "io.cotidal.gateway.relay.Relay",
          // Looks for another placing again and again, for as long as the gateway lives.
          "io.cotidal.gateway.placing.Fetching",
          // Each who asks how a gateway fares has a thread.
          "io.cotidal.gateway.status.StatusServer",
          // Asks all sites of a container at the same time.
          "io.cotidal.gateway.relay.Heads",
          // Leaves its stamp while the sites are asked, and waits for both.
          "io.cotidal.gateway.relay.Carrying",
          // Gets a token for another site, for a proxy that must not wait.
          "io.cotidal.gateway.reading.ObjectSearch",
          // Asks all sites for their lists at the same time, likewise.
          "io.cotidal.gateway.reading.Gathering",
          // Asks a site what a container was, for a proxy that must not wait.
          "io.cotidal.gateway.desk.Changing",
          // Makes the indexes of one table side by side, each in a session of its own.
          "io.cotidal.feeds.table.Indexes",
          // Carries many objects of one container side by side, and waits for all of them.
          "io.cotidal.objects.mover.Course",
          "io.cotidal.objects.mover.Withdrawing",
          // Ends connections that send their headers a byte at a time.
          "io.cotidal.server.SlowHeaders",
          // Ctrl-C comes as a hook of the JVM.
          "io.cotidal.cli.terminal.Interrupts");

  /** Waits for a person's terminal: the one pause that is no alarm of the runtime's. */
  private static final String PAUSE = "io.cotidal.cli.terminal.Time";

  private static DescribedPredicate<JavaClass> notPartOf(Set<String> owners) {
    return describe(
        "not part of " + owners,
        type ->
            owners.stream()
                .noneMatch(owner ->
                    type.getName().equals(owner) || type.getName().startsWith(owner + "$")));
  }

  private static final Set<String> CLOCK_CALLS =
      Set.of("nanoTime", "currentTimeMillis", "now", "systemUTC", "systemDefaultZone");

  private JavaClasses house;

  /** A room and what of the house it may lean on, itself not counted. */
  private record Room(String name, List<String> leansOn) {
    static Room of(String name, String... leansOn) {
      return new Room(name, List.of(leansOn));
    }

    String packages() {
      return "io.cotidal." + name + "..";
    }
  }

  private static final List<Room> ROOMS =
      List.of(
          Room.of("model"),
          Room.of("engine", "model"),
          Room.of("store", "model", "engine"),
          Room.of("runtime", "model", "engine"),
          Room.of("remote", "model"),
          Room.of("pgclient", "model"),
          Room.of("sources", "model", "engine", "remote"),
          Room.of("copies", "model", "engine", "pgclient", "remote"),
          Room.of("postgres", "model", "engine", "pgclient", "remote"),
          Room.of("sources", "model", "engine", "remote"),
          Room.of("directory", "model", "engine", "remote"),
          Room.of("feeds", "model", "engine", "pgclient", "remote"),
          Room.of("objects", "model", "engine", "remote"),
          Room.of("gateway", "model", "remote", "objects"),
          Room.of("server", "model", "engine", "runtime", "web"),
          Room.of("cli", "model"),
          Room.of("web"),
          Room.of("lab", "model", "engine", "remote", "pgclient"),
          Room.of("simulator", "model", "engine", "postgres"));

  @BeforeAll
  void readTheHouse() {
    house =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.cotidal");
  }

  @TestFactory
  Stream<DynamicTest> arrowsRunDownwards() {
    return ROOMS.stream()
        .map(room -> DynamicTest.dynamicTest(room.name(), () -> rule(room).check(house)));
  }

  private static ArchRule rule(Room room) {
    String[] allowed =
        Stream.concat(Stream.of(room.name()), room.leansOn().stream())
            .map(name -> "io.cotidal." + name + "..")
            .toArray(String[]::new);
    return noClasses()
        .that()
        .resideInAPackage(room.packages())
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("io.cotidal..")
                .and(DescribedPredicate.not(resideInAnyPackage(allowed))))
        .allowEmptyShould(true)
        .because("its floor is " + String.join(", ", room.leansOn()));
  }

  @Test
  void everyRoomIsOnTheList() {
    Set<String> rooms = new TreeSet<>();
    house.forEach(type -> rooms.add(type.getPackageName().split("\\.")[2]));
    rooms.removeAll(ROOMS.stream().map(Room::name).toList());
    assertThat(rooms).isSubsetOf("app", "bench");
  }

  @Test
  @DisplayName("nothing that serves leans on the engine's world on paper")
  void paperServesNobody() {
    noClasses()
        .that()
        .resideOutsideOfPackages("io.cotidal.engine.paper..", "io.cotidal.simulator..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.cotidal.engine.paper..")
        .check(house);
  }

  @Test
  void pureRoomsTouchNoWorld() {
    noClasses()
        .that()
        .resideInAnyPackage(PURE)
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                "java.io..",
                "java.net..",
                "java.nio.channels..",
                "java.sql..",
                "java.util.concurrent..",
                "javax..",
                "org.slf4j..",
                "org.postgresql.."))
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.nio.file.Files")
        .orShould()
        .dependOnClassesThat()
        .belongToAnyOf(Thread.class, Process.class, ProcessBuilder.class, Random.class)
        .check(house);
  }

  @Test
  void pureRoomsReadNoClock() {
    noClasses()
        .that()
        .resideInAnyPackage(PURE)
        .should()
        .callMethodWhere(readsAClock())
        .check(house);
  }

  @Test
  void onlyTheRuntimeTellsTheEngineTheTime() {
    noClasses()
        .that()
        .resideInAPackage("io.cotidal.runtime..")
        .and()
        .doNotHaveSimpleName("SystemClock")
        .should()
        .callMethodWhere(readsAClock())
        .because("loops are tested on a clock that is moved by hand")
        .check(house);
  }

  private static DescribedPredicate<JavaCall<?>> readsAClock() {
    return describe(
        "reads a clock",
        call -> {
          JavaClass owner = call.getTargetOwner();
          boolean time =
              owner.isEquivalentTo(System.class) || owner.getPackageName().equals("java.time");
          return time && CLOCK_CALLS.contains(call.getName());
        });
  }

  @Test
  void kindsDoNotKnowOneAnother() {
    for (String kind : KINDS) {
      String[] others =
          Stream.of(KINDS)
              .filter(other -> !other.equals(kind))
              .map(other -> "io.cotidal." + other + "..")
              .toArray(String[]::new);
      noClasses()
          .that()
          .resideInAPackage("io.cotidal." + kind + "..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(others)
          .allowEmptyShould(true)
          .check(house);
    }
  }

  @Test
  @DisplayName("in app only a kind's own rooms and its wing know the kind")
  void wingsHideKinds() {
    for (String kind : KINDS) {
      noClasses()
          .that()
          .resideInAPackage("io.cotidal.app..")
          .and()
          .resideOutsideOfPackages(
              "io.cotidal.app.kinds..",
              "io.cotidal.app.config..",
              "io.cotidal.app.demo..",
              "io.cotidal.app." + kind + "..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.cotidal." + kind + "..")
          .check(house);
    }
  }

  @Test
  @DisplayName("a kind has one name: in ids, in the configuration, in its actions")
  void kindsHaveOneName() {
    for (Wing wing : Kinds.ALL) {
      String name = wing.kind().name();
      assertThat(wing.section().key()).isEqualTo(name);
      assertThat(wing.actions()).isNotEmpty().allMatch(action -> action.kind().equals(name));
    }
  }

  /** Classes that put packages below their own together; nothing below may know them. */
  private static final Map<String, String> ROOTS =
      Map.of(
          "io.cotidal.app.Main", "io.cotidal..",
          "io.cotidal.server.ApiServer", "io.cotidal.server..");

  @Test
  void noPackageLeansOnOneThatLeansOnIt() {
    SliceRule rule = slices().matching("io.cotidal.(**)").should().beFreeOfCycles();
    for (String root : ROOTS.keySet()) {
      rule = rule.ignoreDependency(partOf(root), DescribedPredicate.alwaysTrue());
    }
    rule.check(house);
  }

  @TestFactory
  Stream<DynamicTest> nobodyBelowKnowsWhoPutItTogether() {
    return ROOTS.entrySet().stream()
        .map(root ->
            DynamicTest.dynamicTest(
                root.getKey(),
                () ->
                    noClasses()
                        .that()
                        .resideInAPackage(root.getValue())
                        .and(notPartOf(Set.of(root.getKey())))
                        .should()
                        .dependOnClassesThat(partOf(root.getKey()))
                        .check(house)));
  }

  private static DescribedPredicate<JavaClass> partOf(String owner) {
    return DescribedPredicate.not(notPartOf(Set.of(owner)));
  }

  @TestFactory
  @DisplayName("each library has one room")
  Stream<DynamicTest> librariesHaveOneRoom() {
    return Stream.of(
            new String[] {"org.eclipse.jetty..", "server"},
            new String[] {"io.prometheus..", "server"},
            // Bulk data goes by COPY, which sessions of pgclient do not offer.
            new String[] {"org.postgresql..", "pgclient", "feeds.table"},
            new String[] {"org.sqlite..", "store"},
            new String[] {"io.netty..", "gateway.wire"},
            new String[] {"org.apache.sshd..", "remote"},
            new String[] {"org.mariadb..", "copies"},
            new String[] {"com.unboundid..", "directory", "bench"},
            new String[] {"org.bouncycastle..", "copies"},
            new String[] {"com.github.luben..", "copies", "feeds.delta"},
            new String[] {"picocli..", "cli"},
            new String[] {"org.snakeyaml..", "app", "sources"},
            new String[] {"ch.qos.logback..", "app"})
        .map(pair ->
            DynamicTest.dynamicTest(
                String.join(" ", pair),
                () ->
                    noClasses()
                        .that()
                        .resideOutsideOfPackages(rooms(pair))
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage(pair[0])
                        .check(house)));
  }

  /** The rooms named after the library. */
  private static String[] rooms(String[] pair) {
    return Stream.of(pair).skip(1).map(room -> "io.cotidal." + room + "..").toArray(String[]::new);
  }

  /** Where SQL is spoken, each with its own driver or with sessions of pgclient's. */
  private static final String[] SPEAKS_SQL = {
    "io.cotidal.store..",
    "io.cotidal.pgclient..",
    "io.cotidal.postgres.observe..",
    "io.cotidal.postgres.steps..",
    "io.cotidal.postgres.rehearsal..",
    "io.cotidal.copies.database..",
    "io.cotidal.feeds.table..",
    "io.cotidal.feeds.report..",
    "io.cotidal.feeds.delta..",
    "io.cotidal.lab..",
    "io.cotidal.bench..",
    "io.cotidal.app.demo.."
  };

  @Test
  @DisplayName("SQL is spoken where a database is at hand, and nowhere else")
  void sqlHasItsRooms() {
    noClasses()
        .that()
        .resideOutsideOfPackages(SPEAKS_SQL)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.sql..", "javax.sql..")
        .check(house);
  }

  @Test
  @DisplayName("the kind copies talks to servers, volumes and dumps in its workshop alone")
  void copiesDecideOnPaper() {
    noClasses()
        .that()
        .resideInAnyPackage("io.cotidal.copies.plan..", "io.cotidal.copies.spec..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.cotidal.copies.database..",
            "io.cotidal.copies.storage..",
            "io.cotidal.copies.imports..",
            "io.cotidal.copies.steps..",
            "io.cotidal.remote..",
            "io.cotidal.pgclient..")
        .check(house);
  }

  @Test
  @DisplayName("the kind directory talks to servers behind its seam alone")
  void directoriesDecideOnPaper() {
    noClasses()
        .that()
        .resideInAnyPackage("io.cotidal.directory.plan..", "io.cotidal.directory.graph..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.cotidal.directory.target..",
            "io.cotidal.directory.steps..",
            "io.cotidal.remote..",
            "com.unboundid..")
        .check(house);
  }

  /** The rooms of the kind feeds that only decide. */
  private static final String[] FEEDS_ON_PAPER = {
    "io.cotidal.feeds.job..",
    "io.cotidal.feeds.filter..",
    "io.cotidal.feeds.environment..",
    "io.cotidal.feeds.spec..",
    "io.cotidal.feeds.observe..",
    "io.cotidal.feeds.actions..",
    "io.cotidal.feeds.plan.."
  };

  /** Those that touch something: a database, a master, a repository, a GeoServer. */
  private static final String[] FEEDS_EDGES = {
    "io.cotidal.feeds.table..",
    "io.cotidal.feeds.delta..",
    "io.cotidal.feeds.transfer..",
    "io.cotidal.feeds.repository..",
    "io.cotidal.feeds.geoserver..",
    "io.cotidal.feeds.report.."
  };

  @Test
  @DisplayName("the kind feeds reads jobs, judges filters and plans on paper")
  void feedsDecideOnPaper() {
    noClasses()
        .that()
        .resideInAnyPackage(FEEDS_ON_PAPER)
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(FEEDS_EDGES)
                .or(
                    resideInAnyPackage(
                        "io.cotidal.feeds.steps..",
                        "io.cotidal.remote..",
                        "io.cotidal.pgclient..",
                        "java.io..",
                        "java.nio.channels..",
                        "java.sql..",
                        "java.net.http..",
                        "java.util.concurrent..",
                        "org.slf4j..",
                        "org.postgresql..")))
        .orShould()
        .dependOnClassesThat()
        .belongToAnyOf(Thread.class, Process.class, ProcessBuilder.class, Random.class)
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.nio.file.Files")
        .orShould()
        .callMethodWhere(readsAClock())
        .check(house);
  }

  @Test
  @DisplayName("the edges of the kind feeds do as they are told: they know neither plan nor steps")
  void feedsEdgesDoAsTheyAreTold() {
    noClasses()
        .that()
        .resideInAnyPackage(FEEDS_EDGES)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.cotidal.engine..",
            "io.cotidal.feeds.plan..",
            "io.cotidal.feeds.steps..",
            "io.cotidal.feeds.observe..",
            "io.cotidal.feeds.actions..",
            "io.cotidal.feeds.environment..")
        .allowEmptyShould(true)
        .check(house);
  }

  /** The rooms of the kind objects that only decide. */
  private static final String[] OBJECTS_ON_PAPER = {
    "io.cotidal.objects.names..",
    "io.cotidal.objects.spec..",
    "io.cotidal.objects.observe..",
    "io.cotidal.objects.actions..",
    "io.cotidal.objects.plan..",
    "io.cotidal.objects.state..",
    "io.cotidal.objects.placement..",
    "io.cotidal.objects.placing..",
    "io.cotidal.objects.compat..",
    "io.cotidal.objects.compare.."
  };

  @Test
  @DisplayName("the kind objects compares, places and plans on paper")
  void objectsDecideOnPaper() {
    noClasses()
        .that()
        .resideInAnyPackage(OBJECTS_ON_PAPER)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.cotidal.objects.swift..",
            "io.cotidal.objects.looks..",
            "io.cotidal.objects.listing..",
            "io.cotidal.objects.mover..",
            "io.cotidal.objects.steps..",
            "io.cotidal.remote..",
            "java.nio.channels..",
            "java.net.http..",
            "org.slf4j..")
        .orShould()
        .dependOnClassesThat()
        .belongToAnyOf(Thread.class, Process.class, Random.class)
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.nio.file.Files")
        .orShould()
        .callMethodWhere(readsAClock())
        .allowEmptyShould(true)
        .check(house);
  }

  @Test
  @DisplayName("the gateway reads and writes messages on paper, and its ports know nobody")
  void messagesAreReadOnPaper() {
    noClasses()
        .that()
        .resideInAnyPackage("io.cotidal.gateway.wire.message..", "io.cotidal.gateway.door..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.netty.channel..",
            "io.netty.handler..",
            "io.cotidal.remote..",
            "io.cotidal.objects..",
            "java.net..",
            "java.nio.channels..",
            "org.slf4j..")
        .orShould()
        .callMethodWhere(readsAClock())
        .allowEmptyShould(true)
        .check(house);
    noClasses()
        .that()
        .resideInAPackage("io.cotidal.gateway.wire..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.cotidal.objects..")
        .allowEmptyShould(true)
        .because("it decides nothing about containers")
        .check(house);
  }

  @Test
  void threadsAreStartedByThoseWhoOwnThem() {
    noClasses()
        .that()
        .resideOutsideOfPackages(THREADED)
        .and()
        .areNotAnnotations()
        .and(notPartOf(OWNERS))
        .should()
        .callCodeUnitWhere(
            describe(
                "starts a thread",
                call -> {
                  AccessTarget.CodeUnitCallTarget target = call.getTarget();
                  String owner = target.getOwner().getFullName();
                  return switch (owner) {
                    case "java.lang.Thread" ->
                        Set.of("<init>", "start", "ofVirtual", "ofPlatform", "startVirtualThread")
                            .contains(target.getName());
                    case "java.util.concurrent.Executors", "java.util.Timer" -> true;
                    case "java.util.concurrent.CompletableFuture" ->
                        target.getName().endsWith("Async");
                    default -> false;
                  };
                }))
        .check(house);
  }

  @Test
  void nobodySleeps() {
    noClasses()
        .that()
        .resideOutsideOfPackages("io.cotidal.lab..", "io.cotidal.bench..")
        .and(notPartOf(Set.of(PAUSE)))
        .should()
        .callMethod(Thread.class, "sleep", long.class)
        .orShould()
        .callMethod(Thread.class, "sleep", Duration.class)
        .check(house);
  }

  @Test
  void nothingIsKeptInStatics() {
    fields().that().areStatic().should().beFinal().check(house);
  }

  @Test
  void everyPackageSaysWhatLivesThere() {
    Set<String> packages = new TreeSet<>();
    house.forEach(type -> packages.add(type.getPackageName()));
    Set<String> described = new TreeSet<>();
    house.stream()
        .filter(type -> type.getSimpleName().equals("package-info"))
        .forEach(type -> described.add(type.getPackageName()));
    assertThat(described).isEqualTo(packages);
  }

  @Test
  void noPackageIsARagbag() {
    classes()
        .should()
        .resideOutsideOfPackages(
            "..impl..", "..util..", "..utils..", "..manager..", "..helper..", "..common..")
        .check(house);
  }
}
