package io.cotidal.app.copies;

import static io.cotidal.app.copies.Jdbc.COUNT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cotidal.app.StartedDaemon;
import io.cotidal.app.copies.Api.Answer;
import io.cotidal.app.copies.CopiesLab.Template;
import io.cotidal.cli.api.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** What users do with copies, the same on every engine. One daemon serves all tests of a class. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class CopiesScenarios {
  static final String SHOP = "shop";
  private static final int ROWS = 300;
  private static final Duration LONG = Duration.ofSeconds(60);

  private CopiesLab lab;
  private StartedDaemon daemon;
  private Api api;

  abstract String engine();

  /** What the configuration says besides. */
  Map<String, String> keys() throws IOException {
    return Map.of();
  }

  /** The places of the servers that generations have. */
  Set<String> hosts(Set<String> generations) {
    return Set.of();
  }

  /** The place of the server that serves a copy. */
  String server(Node copy, String generation) {
    return Api.place(copy);
  }

  /** How many servers so many copies of one generation need. */
  int servers(int copies) {
    return copies;
  }

  private Set<String> hosts() throws Exception {
    return hosts(api.places(SHOP, "generation"));
  }

  /** The places whose servers run, of those that there are. */
  private Set<String> running() throws Exception {
    Set<String> found = new TreeSet<>();
    for (String place : lab.places(SHOP)) {
      if (lab.servers(SHOP, place).running()) {
        found.add(place);
      }
    }
    return found;
  }

  @BeforeAll
  void open() throws Exception {
    lab = CopiesLab.open();
    Path dump = lab.dump("shop.sql", ROWS, "gold");
    Map<String, String> keys = new TreeMap<>(keys());
    keys.put("dump", dump.toString());
    daemon = new StartedDaemon(lab.configure(List.of(new Template(SHOP, engine(), keys))));
    api = Api.of(lab.port, daemon.token());
    await().atMost(LONG).until(() -> current().equals("g1"));
  }

  @AfterAll
  void close() throws Exception {
    if (daemon != null) {
      daemon.close();
    }
    if (lab != null) {
      lab.close();
    }
  }

  /** Each test removes its copies; then nothing of them may be left. */
  @AfterEach
  void nothingIsLeft() throws Exception {
    for (String name : api.items(SHOP, "copy").keySet()) {
      assertThat(api.delete(SHOP, name).status()).as(name).isEqualTo(200);
    }
    await()
        .atMost(LONG)
        .untilAsserted(() -> {
          Set<String> places = new TreeSet<>(api.places(SHOP, "generation"));
          places.addAll(hosts());
          assertThat(lab.places(SHOP)).isEqualTo(places);
          assertThat(running()).isEqualTo(hosts());
          assertThat(lab.claims()).isEqualTo(hosts());
          if (hosts().isEmpty()) {
            assertThat(lab.servers().list()).isEmpty();
          }
        });
  }

  private String current() throws Exception {
    return api.view(SHOP).at("ledger").text("generation");
  }

  private static <T> List<T> together(int many, java.util.function.IntFunction<Callable<T>> each)
      throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<T>> running = new ArrayList<>();
      for (int i = 0; i < many; i++) {
        running.add(threads.submit(each.apply(i)));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> one : running) {
        results.add(one.get());
      }
      return results;
    }
  }

  private void made(String name) throws Exception {
    Answer answer = api.create(SHOP, name);
    assertThat(answer.status()).as("%s", answer).isEqualTo(201);
  }

  private String rows(String name) throws Exception {
    return Jdbc.query(api.jdbc(SHOP, name), COUNT);
  }

  private Node item(String name) throws Exception {
    return api.items(SHOP, "copy").getOrDefault(name, Node.NONE);
  }

  @Test
  @DisplayName("copies/A1: the generation knows how many rows the dump had, and copies hold them")
  void imported() throws Exception {
    Node facts = api.items(SHOP, "generation").get(current()).at("facts");
    assertThat(facts.text("rows")).isEqualTo(String.valueOf(ROWS));
    assertThat(facts.text("tables")).isEqualTo("1");
    made("counted");
    assertThat(rows("counted")).isEqualTo(String.valueOf(ROWS));
  }

  @Test
  @DisplayName("copies/A2: a broken dump is named with its line; copies are made as before")
  void broken() throws Exception {
    String before = current();
    Set<String> places = lab.places(SHOP);
    Path bad = lab.dump("bad.sql", 50, "iron");
    Files.writeString(bad, Files.readString(bad) + "INSERT INTO nowhere VALUES ('Xq7');\n");
    Answer answer = api.act(SHOP, "import", Map.of("dump", bad.toString()));
    assertThat(answer.body().text("state")).as("%s", answer).isEqualTo("failed");
    assertThat(answer.body().text("note")).contains("line 52").doesNotContain("Xq7");
    assertThat(current()).isEqualTo(before);
    assertThat(lab.places(SHOP)).isEqualTo(places);
    assertThat(running()).isEqualTo(hosts());
    made("still");
    assertThat(rows("still")).isEqualTo(String.valueOf(ROWS));
  }

  @Test
  @DisplayName("copies/B1: the answer comes when the copy can be used, with its password alone")
  void answersWhenUsable() throws Exception {
    Answer answer = api.create(SHOP, "one");
    assertThat(answer.status()).as("%s", answer).isEqualTo(201);
    assertThat(answer.location()).endsWith("/shop/items/copy/one");
    String one = api.jdbc(SHOP, "one");
    assertThat(Jdbc.query(one, COUNT)).isEqualTo(String.valueOf(ROWS));
    made("two");
    String mine = api.access(SHOP, "one").get("password");
    String others = api.access(SHOP, "two").get("password");
    assertThat(others).isNotEqualTo(mine);
    for (String wrong : List.of(others, "wrong", mine + "x", "")) {
      String url = one.replace("password=" + mine, "password=" + wrong);
      assertThat(url).isNotEqualTo(one);
      assertThatThrownBy(() -> Jdbc.query(url, COUNT)).isInstanceOf(SQLException.class);
    }
  }

  @Test
  @DisplayName("copies/B2: what is written in a copy is in no other, nor in the template")
  void apart() throws Exception {
    made("left");
    made("right");
    Jdbc.execute(api.jdbc(SHOP, "left"), "DELETE FROM customers");
    assertThat(rows("right")).isEqualTo(String.valueOf(ROWS));
    made("later");
    assertThat(rows("later")).isEqualTo(String.valueOf(ROWS));
    assertThat(rows("left")).isEqualTo("0");
  }

  @Test
  @DisplayName("copies/B3: a second copy of that name is refused and told where the first is")
  void twice() throws Exception {
    made("taken");
    Answer again = api.create(SHOP, "taken");
    assertThat(again.status()).as("%s", again).isEqualTo(409);
    assertThat(again.location()).endsWith("/shop/items/copy/taken");
    assertThat(rows("taken")).isEqualTo(String.valueOf(ROWS));
  }

  @Test
  @DisplayName("copies/B3: of 20 who ask for one name at once, one gets it")
  void raced() throws Exception {
    List<Integer> statuses = together(20, i -> () -> api.create(SHOP, "raced").status());
    assertThat(statuses).filteredOn(status -> status == 201).hasSize(1);
    assertThat(statuses).filteredOn(status -> status == 409).hasSize(19);
    assertThat(rows("raced")).isEqualTo(String.valueOf(ROWS));
  }

  @Test
  @DisplayName("copies/B4: 20 at once all work, on ports of their own; none is ready too early")
  void many() throws Exception {
    Set<String> early = new HashSet<>();
    List<Answer> answers;
    AtomicBoolean over = new AtomicBoolean();
    Thread watcher = Thread.ofVirtual().start(() -> watch(over, early));
    try {
      answers = together(20, i -> () -> api.create(SHOP, "many-" + i));
    } finally {
      // No interrupt: it would end a login half-way, which looks like a server that does not
      // answer.
      over.set(true);
      watcher.join();
    }
    assertThat(answers).extracting(Answer::status).as("%s", answers).containsOnly(201);
    Set<String> ports = new TreeSet<>();
    for (Node copy : api.items(SHOP, "copy").values()) {
      ports.add(copy.at("facts").text("port"));
    }
    assertThat(ports).hasSize(servers(20));
    List<String> rows = together(20, i -> () -> rows("many-" + i));
    assertThat(rows).containsOnly(String.valueOf(ROWS));
    assertThat(early).isEmpty();
  }

  /** Tries each copy the moment it is said to be ready, for the first time. */
  private void watch(AtomicBoolean over, Set<String> early) {
    Set<String> tried = new HashSet<>();
    while (!over.get()) {
      try {
        for (Node copy : api.items(SHOP, "copy").values()) {
          String name = copy.text("name");
          if (copy.text("state").equals("ready") && tried.add(name)) {
            try {
              rows(name);
            } catch (SQLException e) {
              early.add(name + ": " + e.getMessage() + ", " + e.getCause());
            }
          }
        }
      } catch (Exception e) {
        early.add(e.toString());
        return;
      }
    }
  }

  @Test
  @DisplayName("copies/B6: a new daemon takes the copies over; a client's session lives on")
  void restarted() throws Exception {
    made("kept");
    String url = api.jdbc(SHOP, "kept");
    var processes = lab.servers().list();
    try (Connection session = DriverManager.getConnection(url)) {
      Jdbc.query(session, COUNT);
      daemon.again();
      await().atMost(LONG).until(() -> api.view(SHOP).flag("leading"));
      assertThat(Jdbc.query(session, COUNT)).isEqualTo(String.valueOf(ROWS));
    }
    assertThat(api.jdbc(SHOP, "kept")).isEqualTo(url);
    assertThat(item("kept").text("state")).isEqualTo("ready");
    assertThat(lab.servers().list()).containsAll(processes.subList(0, 1));
  }

  @Test
  @DisplayName("copies/B8: a copy whose server was killed comes back with its data")
  void killed() throws Exception {
    made("hit");
    String url = api.jdbc(SHOP, "hit");
    Jdbc.execute(url, "UPDATE customers SET name = 'mine' WHERE id = 7");
    Node generation = api.items(SHOP, "generation").get(current());
    lab.servers(SHOP, server(item("hit"), Api.place(generation))).kill();
    await()
        .atMost(LONG)
        .ignoreExceptionsInstanceOf(SQLException.class)
        .untilAsserted(() ->
            assertThat(Jdbc.query(url, "SELECT name FROM customers WHERE id = 7"))
                .isEqualTo("mine"));
  }

  @Test
  @DisplayName("copies/B9: a reset gives the template's data at the same address; one at a time")
  void reset() throws Exception {
    made("reset");
    String url = api.jdbc(SHOP, "reset");
    Jdbc.execute(url, "DELETE FROM customers");
    List<Integer> statuses =
        together(5, i -> () -> api.act(SHOP, "reset", Map.of("name", "reset")).status());
    assertThat(statuses).filteredOn(status -> status == 200).isNotEmpty();
    assertThat(statuses).allMatch(status -> status == 200 || status == 409);
    assertThat(statuses).contains(409);
    assertThat(api.jdbc(SHOP, "reset")).isEqualTo(url);
    assertThat(Jdbc.query(url, COUNT)).isEqualTo(String.valueOf(ROWS));
  }

  @Test
  @DisplayName("copies/B11: a copy deleted while it is made leaves nothing; a second time is 404")
  void deletedEarly() throws Exception {
    for (int round = 0; round < 5; round++) {
      String name = "early-" + round;
      Answer begun = api.act(SHOP, "create", Map.of("name", name), 0);
      assertThat(begun.status()).as("%s", begun).isIn(201, 202);
      await().atMost(LONG).pollInterval(Duration.ofMillis(1)).until(() -> !item(name).isMissing());
      Answer gone = api.delete(SHOP, name);
      assertThat(gone.status()).as("%s", gone).isEqualTo(200);
      assertThat(gone.body().text("state")).as("%s", gone).isEqualTo("done");
      assertThat(item(name).isMissing()).isTrue();
      assertThat(api.delete(SHOP, name).status()).isEqualTo(404);
    }
  }

  @Test
  @DisplayName("copies/D1, copies/D2: a refresh disturbs nobody; old data goes with its last copy")
  void refreshed() throws Exception {
    String old = current();
    String place = Api.place(api.items(SHOP, "generation").get(old));
    made("older");
    Path fresh = lab.dump("fresh.sql", ROWS + 1, "silver");
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Answer> refresh =
          threads.submit(() -> api.act(SHOP, "import", Map.of("dump", fresh.toString())));
      int number = 0;
      while (!refresh.isDone() || number == 0) {
        made("during-" + number);
        number++;
      }
      assertThat(refresh.get().body().text("state")).as("%s", refresh.get()).isEqualTo("done");
    }
    String next = current();
    assertThat(next).isNotEqualTo(old);
    made("newer");
    assertThat(rows("newer")).isEqualTo(String.valueOf(ROWS + 1));
    assertThat(item("newer").at("facts").text("generation")).isEqualTo(next);
    for (Node copy : api.items(SHOP, "copy").values()) {
      String made = copy.at("facts").text("generation");
      String expected = String.valueOf(made.equals(old) ? ROWS : ROWS + 1);
      assertThat(rows(copy.text("name"))).as(made).isEqualTo(expected);
    }
    Set<String> others =
        api.items(SHOP, "copy").keySet().stream()
            .filter(name -> !name.equals("older"))
            .collect(Collectors.toSet());
    for (String name : others) {
      assertThat(api.delete(SHOP, name).status()).isEqualTo(200);
    }
    assertThat(lab.places(SHOP)).contains(place);
    assertThat(rows("older")).isEqualTo(String.valueOf(ROWS));
    assertThat(api.delete(SHOP, "older").status()).isEqualTo(200);
    await()
        .atMost(LONG)
        .untilAsserted(() -> {
          assertThat(api.items(SHOP, "generation")).containsOnlyKeys(next);
          assertThat(lab.places(SHOP)).hasSize(1 + hosts().size()).doesNotContain(place);
        });
    // The other tests count what the first dump had.
    Path first = lab.folder.resolve("shop.sql");
    Answer back = api.act(SHOP, "import", Map.of("dump", first.toString()));
    assertThat(back.body().text("state")).as("%s", back).isEqualTo("done");
  }

  @Test
  @DisplayName("copies/D3: of two imports at once, one runs and the other is refused")
  void twoImports() throws Exception {
    Map<String, Object> dump = Map.of("dump", lab.folder.resolve("shop.sql").toString());
    List<Answer> answers = together(2, i -> () -> api.act(SHOP, "import", dump));
    assertThat(answers).extracting(Answer::status).as("%s", answers).contains(201);
    assertThat(answers).allMatch(answer -> answer.status() == 409 || answer.status() == 201);
    made("after");
    assertThat(rows("after")).isEqualTo(String.valueOf(ROWS));
  }
}
