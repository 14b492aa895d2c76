package io.cotidal.app.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cotidal.app.ResourceApi;
import io.cotidal.app.StartedDaemon;
import io.cotidal.lab.swift.HttpFault;
import io.cotidal.lab.swift.HttpFaults;
import io.cotidal.lab.swift.RawBody;
import io.cotidal.lab.swift.RawHeader;
import io.cotidal.lab.swift.SwiftLogin;
import io.cotidal.lab.swift.SwiftOptions;
import io.cotidal.lab.swift.SwiftSite;
import io.cotidal.lab.swift.SwiftUser;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** What may go wrong with namespaces, each story in an account of its own, under one daemon. */
@Timeout(240)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisplayName("scenarios of namespaces")
final class ObjectsScenariosIT {
  private static final Duration LONG = Duration.ofSeconds(90);
  private static final Duration AHEAD = Duration.ofMinutes(2);
  private static final SwiftLogin SHAKEN = SwiftLogin.of("shaken", "owner", "shaken", ".admin");
  private static final SwiftLogin MOVED = SwiftLogin.of("moved", "owner", "moved", ".admin");
  private static final String RULES =
      """
      placement:
        - {container: "here*", sites: [east]}
        - {header: {name: X-Container-Meta-Region, value: far}, sites: [west]}
      """;

  private SitesLab lab;
  private HttpFaults faults;
  private StartedDaemon daemon;
  private SwiftUser east;
  private SwiftUser west;

  @BeforeAll
  void open() throws Exception {
    List<SwiftOptions> options = new ArrayList<>();
    for (String name : List.of("east", "west")) {
      options.add(
          SwiftOptions.named(name).knowing(SHAKEN).knowing(MOVED).knowing(AutosyncStory.OWNER));
    }
    if (SwiftSite.otherClock().isEmpty()) {
      options.add(SwiftOptions.named("late").ahead(AHEAD));
    }
    lab = SitesLab.open(options.toArray(SwiftOptions[]::new));
    faults = new HttpFaults(lab.site("west").address());
    east = lab.site("east").user(SwiftLogin.TESTER);
    west = lab.site("west").user(SwiftLogin.TESTER);
    daemon = new StartedDaemon(lab.configure(spaces(RULES)), lab.rereading());
  }

  private SitesLab.Space[] spaces(String rules) {
    List<String> both = lab.at("east", "west");
    List<String> shaken = new ArrayList<>(lab.at("east"));
    shaken.add(lab.at("west", URI.create("http://127.0.0.1:" + faults.port())));
    List<SitesLab.Space> all = new ArrayList<>();
    all.add(new SitesLab.Space("parted", "manage", SwiftLogin.TESTER, "", both));
    all.add(new SitesLab.Space("shaken", "manage", SHAKEN, "", shaken));
    all.add(new SitesLab.Space("moved", "manage", MOVED, rules, both));
    if (SwiftSite.otherClock().isEmpty()) {
      List<String> late = lab.at("east", "late");
      all.add(new SitesLab.Space("skewed", "manage", SwiftLogin.OTHER, "", late));
    }
    return all.toArray(SitesLab.Space[]::new);
  }

  @AfterAll
  void close() throws Exception {
    if (daemon != null) {
      daemon.close();
    }
    if (faults != null) {
      faults.close();
    }
    if (lab != null) {
      lab.close();
    }
  }

  private ResourceApi api(String name) throws Exception {
    return ResourceApi.of(lab.port, daemon.token(), "objects/" + name);
  }

  private static void soon(ThrowingRunnable holds) {
    // The list of a container that is not there yet is refused.
    await().atMost(LONG).ignoreExceptionsInstanceOf(IOException.class).untilAsserted(holds);
  }

  private static void equal(ResourceApi api) {
    soon(() -> assertThat(api.code()).as(api.story()).isEqualTo("equal"));
  }

  @Test
  @DisplayName(
      "objects/S6: a container that was deleted at one site and written to at the other is made again")
  void deletedAndWritten() throws Exception {
    ResourceApi api = api("parted");
    east.put("/six", RawHeader.of("X-Container-Meta-A", "1"));
    east.put("/full");
    east.put("/full/o", RawBody.of("o"));
    soon(() -> {
      assertThat(west.head("/six").header("X-Container-Meta-A")).contains("1");
      assertThat(west.names("/full")).containsExactly("o");
    });
    assertThat(west.delete("/full").status()).isEqualTo(409);
    equal(api);
    assertThat(api.say("pause")).isEqualTo(200);
    west.put("/six/new", RawBody.of("new"));
    assertThat(east.delete("/six").status()).isEqualTo(204);
    assertThat(api.say("resume")).isEqualTo(200);
    soon(() -> {
      assertThat(east.get("/six/new").text()).isEqualTo("new");
      assertThat(east.head("/six").header("X-Container-Meta-A")).contains("1");
    });
    assertThat(east.names("/full")).containsExactly("o");
    assertThat(String.valueOf(api.ask("conflicts", Map.of()).value())).contains("/six");
  }

  @Test
  @DisplayName(
      "objects/S9: both sites write while neither hears of the other; both end the same, and the loser is told")
  void bothWrite() throws Exception {
    ResourceApi api = api("parted");
    assertThat(api.say("pause")).isEqualTo(200);
    for (SwiftUser user : List.of(east, west)) {
      String colour = user == east ? "red" : "green";
      user.put("/nine", RawHeader.of("X-Container-Meta-Colour", colour));
      user.put("/nine/o", RawBody.of("from the " + colour));
    }
    assertThat(api.say("resume")).isEqualTo(200);
    soon(() -> {
      assertThat(east.get("/nine/o").text()).isEqualTo("from the green");
      assertThat(west.get("/nine/o").text()).isEqualTo("from the green");
      assertThat(east.head("/nine").header("X-Container-Meta-Colour"))
          .isEqualTo(west.head("/nine").header("X-Container-Meta-Colour"));
    });
    assertThat(String.valueOf(api.ask("conflicts", Map.of()).value())).contains("/nine/o");
  }

  @Test
  @DisplayName("objects/S11: a clock that is two minutes ahead is told, and nothing is carried")
  void skewed() throws Exception {
    String missing = SwiftSite.otherClock().orElse("");
    assumeTrue(missing.isEmpty(), () -> "SKIPPED, no clock is wrong: " + missing);
    ResourceApi api = api("skewed");
    soon(() -> assertThat(api.code()).as(api.story()).isEqualTo("clock-skew"));
    assertThat(api.view().at("diagnosis").text("sentence")).contains("late");
    SwiftUser right = lab.site("east").user(SwiftLogin.OTHER);
    SwiftUser wrong = lab.site("late").user(SwiftLogin.OTHER);
    right.put("/clocks");
    right.put("/clocks/o", RawBody.of("right"));
    wrong.put("/clocks");
    wrong.put("/clocks/o", RawBody.of("wrong"));
    await()
        .during(Duration.ofSeconds(4))
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> {
          assertThat(right.get("/clocks/o").text()).isEqualTo("right");
          assertThat(wrong.get("/clocks/o").text()).isEqualTo("wrong");
        });
  }

  @Test
  @DisplayName(
      "objects/S18: a container lies where rules say; when they change, what was said to move moves")
  void moved() throws Exception {
    SwiftUser here = lab.site("east").user(MOVED);
    SwiftUser there = lab.site("west").user(MOVED);
    here.put("/here-only");
    here.put("/everywhere");
    here.put("/far", RawHeader.of("X-Container-Meta-Region", "far"));
    for (String container : List.of("/here-only", "/everywhere", "/far")) {
      for (int i = 0; i < 5; i++) {
        here.put(container + "/o" + i, RawBody.of("object " + i));
      }
    }
    soon(() -> {
      assertThat(there.names("/everywhere")).hasSize(5);
      assertThat(there.names("/far")).hasSize(5);
    });
    soon(() -> assertThat(api("moved").code()).as(api("moved").story()).isEqualTo("leaving"));
    soon(() ->
        assertThat(ResourceApi.operations(api("moved").view()))
            .anyMatch(each ->
                each.text("type").equals("withdraw") && each.text("state").equals("proposed")));
    assertThat(there.head("/here-only").status()).isEqualTo(404);
    assertThat(here.names("/far")).as("a site that is left keeps what it has").hasSize(5);
    var _ = lab.configure(spaces(""));
    assertThat(api("moved").rehearse())
        .contains(
            "placement: 2 containers would move, 1 stay where they are",
            "to west: 5 objects (40 bytes)",
            "AUTH_moved/here-only: 5 objects (40 bytes) to west",
            "AUTH_moved/far: 0 objects (0 bytes) to east");
    assertThat(there.head("/here-only").status()).as("a dry run").isEqualTo(404);
    assertThat(api("moved").apply()).containsExactly("objects/moved changed applied");
    soon(() -> {
      assertThat(there.names("/here-only")).hasSize(5);
      assertThat(there.get("/here-only/o4").text()).isEqualTo("object 4");
    });
    equal(api("moved"));
    assertThat(api("moved").story()).contains("bytes=40, copied=5");
  }

  @Test
  @DisplayName(
      "objects/S21: a site that fails every twentieth call and breaks connections gets everything all the same")
  void shaken() throws Exception {
    SwiftUser mine = lab.site("east").user(SHAKEN);
    SwiftUser other = lab.site("west").user(SHAKEN);
    faults.plan((number, _, _) ->
        switch ((int) (number % 100)) {
          case 5, 25, 45, 65, 85 -> new HttpFault.Answered(503);
          case 15, 55 -> new HttpFault.Reset();
          case 35, 75 -> new HttpFault.Lost();
          case 95 -> new HttpFault.AnswerCut(100);
          default -> new HttpFault.None();
        });
    mine.put("/shaken");
    for (int i = 0; i < 40; i++) {
      mine.put("/shaken/o" + i, RawBody.of("text " + i));
    }
    soon(() -> {
      assertThat(other.names("/shaken")).hasSize(40);
      assertThat(other.get("/shaken/o39").text()).isEqualTo("text 39");
    });
    assertThat(faults.faults()).isGreaterThan(4);
    faults.plan(HttpFault.Plan.NONE);
    equal(api("shaken"));
  }

  @Test
  @DisplayName("from Swift Autosync's two sites to a daemon that keeps both the same")
  void adopted() throws Exception {
    new AutosyncStory(lab).tell();
  }
}
