package io.cotidal.copies.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.copies.database.EngineException;
import io.cotidal.copies.database.tiny.TinyClient;
import io.cotidal.copies.plan.Acts;
import io.cotidal.copies.plan.Shelf;
import io.cotidal.copies.spec.CopiesSpec;
import io.cotidal.engine.SecretStore;
import io.cotidal.engine.snapshot.ArchiveSource;
import io.cotidal.engine.snapshot.SnapshotSource;
import io.cotidal.lab.ServerRegistry;
import io.cotidal.lab.StateFolder;
import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.model.Item;
import io.cotidal.model.Mode;
import io.cotidal.model.Outcome;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Secret;
import io.cotidal.model.Stamp;
import io.cotidal.model.Step;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A template and its copies on an engine that only ServiceLoader knows, through the driver. */
@Timeout(120)
@DisplayName("copies on an engine of somebody else's")
final class OtherEngineIT {
  private static final int UIDS = 230_000;
  private static final String TEXT = "table\tnotes\tid\ttext\nrow\tnotes\t1\tlow tide\n";

  private final List<String> places = new ArrayList<>();
  private ServerRegistry registry;
  private Path folder;
  private CopiesDriver driver;
  private long operation;

  /** A daemon that manages no cluster. */
  private static final class NoSources implements SnapshotSources {
    @Override
    public Optional<SnapshotSource> of(ResourceId resource) {
      return Optional.empty();
    }

    @Override
    public Optional<ArchiveSource> archive(ResourceId resource) {
      return Optional.empty();
    }

    @Override
    public ArchiveSource archive(List<Path> folders) {
      return _ -> new ArchiveSource.Choice.Refused("there is no archive");
    }
  }

  @BeforeEach
  void open() throws Exception {
    Path base = Path.of(System.getProperty("java.io.tmpdir"));
    registry = ServerRegistry.open(StateFolder.ofUser(), base);
    folder = registry.folder("other");
    Files.writeString(folder.resolve("notes.txt"), TEXT);
    driver =
        new Workshop(
                new KnownSecrets(),
                InstantSource.system(),
                folder.resolve("ports"),
                new NoSources())
            .driver(spec());
  }

  @AfterEach
  void close() throws Exception {
    for (String id : places) {
      assertThat(act(Acts.REMOVE, id, Map.of())).isInstanceOf(Outcome.Done.class);
    }
    driver.close();
    registry.close();
  }

  private CopiesSpec spec() throws Exception {
    int port = registry.port();
    int uid = System.getProperty("user.name").equals("root") ? UIDS : -1;
    return new CopiesSpec(
        new ResourceId("copies", "notes"),
        Mode.MANAGE,
        new CopiesSpec.Database("tiny", "", Optional.empty(), "app", "app", Optional.empty(), 16),
        new CopiesSpec.Template(
            Optional.empty(),
            Optional.of(folder),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            Duration.ofMinutes(1)),
        new CopiesSpec.Storage(folder, true, 1L << 20),
        new CopiesSpec.Allowance(Duration.ZERO, Duration.ZERO, Duration.ZERO, 9, 9, 1),
        new CopiesSpec.Service(
            CopiesSpec.Isolation.SERVER,
            "process",
            "",
            folder,
            "127.0.0.1",
            "127.0.0.1",
            port,
            port + 40,
            uid));
  }

  private Step step(String act, String id, Map<String, String> arguments) {
    Step step =
        Step.act(act, CopiesSpec.HOST, act).with(Acts.ID, id).within(Duration.ofSeconds(60));
    for (Map.Entry<String, String> each : arguments.entrySet()) {
      step = step.with(each.getKey(), each.getValue());
    }
    return step;
  }

  private Outcome act(String act, String id, Map<String, String> arguments) {
    operation++;
    return driver.act(step(act, id, arguments), new Stamp(1, operation), _ -> {});
  }

  private Details done(String act, String id, Map<String, String> arguments) {
    Outcome outcome = act(act, id, arguments);
    assertThat(outcome).isInstanceOf(Outcome.Done.class);
    return ((Outcome.Done) outcome).evidence();
  }

  private void generation(String id) {
    places.addLast(id);
    Details facts =
        done(Acts.IMPORT, id, Map.of(Acts.DUMP, folder.resolve("notes.txt").toString()));
    assertThat(facts.need(Acts.ROWS)).isEqualTo("1");
    done(Acts.PUBLISH, id, Map.of());
  }

  private String url(String id, Details facts) {
    Item copy = new Item(Shelf.COPY, "mine", "ann", Shelf.READY, facts.with(Acts.ID, id), 1, 0);
    return driver.access(copy).get("url").reveal();
  }

  private static List<String> ask(String url, String statement) throws EngineException {
    try (TinyClient client = TinyClient.open(url)) {
      return client.ask(statement);
    }
  }

  @Test
  @DisplayName("copies/A1, copies/B2: a template is loaded, a copy of it is used, the other is not")
  void copies() throws Exception {
    generation("g1-aaaaa");
    String mine = copy("c2-aaaaa");
    String other = copy("c3-aaaaa");
    assertThat(ask(mine, "select\tnotes\ttext")).containsExactly("low tide");
    ask(mine, "set\tnotes\ttext\thigh tide");
    assertThat(ask(mine, "select\tnotes\ttext")).containsExactly("high tide");
    assertThat(ask(other, "select\tnotes\ttext")).containsExactly("low tide");
    Details differences =
        done(
            Acts.COMPARE,
            "c2-aaaaa",
            Map.of(Acts.GENERATION, "g1-aaaaa", "beside", beside("c4-aaaaa")));
    assertThat(differences.need("app.notes")).isEqualTo("other content");
  }

  private String copy(String id) {
    places.addFirst(id);
    return url(id, done(Acts.MAKE, id, Map.of(Acts.GENERATION, "g1-aaaaa", Acts.NAME, "n" + id)));
  }

  private String beside(String id) {
    places.addFirst(id);
    return id;
  }

  @Test
  @DisplayName("copies/B12: a spare is handed out once, with a password that is its own")
  void handedOut() throws Exception {
    generation("g1-aaaaa");
    places.addFirst("c2-aaaaa");
    done(Acts.SPARE, "c2-aaaaa", Map.of(Acts.GENERATION, "g1-aaaaa"));
    Step handOut = step(Acts.HAND_OUT, "c2-aaaaa", Map.of(Acts.NAME, "mine"));
    assertThat(driver.inspect(handOut, new Stamp(1, ++operation)))
        .isInstanceOf(Inspection.NotApplied.class);
    String url = url("c2-aaaaa", done(Acts.HAND_OUT, "c2-aaaaa", Map.of(Acts.NAME, "mine")));
    assertThat(ask(url, "select\tnotes\ttext")).containsExactly("low tide");
    assertThatThrownBy(() -> ask(url.replace("//app:", "//app:x"), "who"))
        .isInstanceOf(EngineException.class);
    Inspection after = driver.inspect(handOut, new Stamp(1, ++operation));
    assertThat(after).isInstanceOf(Inspection.Applied.class);
    assertThat(url("c2-aaaaa", ((Inspection.Applied) after).evidence())).isEqualTo(url);
    Step again = step(Acts.HAND_OUT, "c2-aaaaa", Map.of(Acts.NAME, "another"));
    assertThat(driver.inspect(again, new Stamp(1, ++operation)))
        .isInstanceOf(Inspection.NotApplied.class);
  }

  @Test
  @DisplayName("copies/D1: when a published generation is taken back, its link leads to the older")
  void linkedBack() throws Exception {
    generation("g1-aaaaa");
    Path link = folder.resolve("data").resolve("notes");
    Path first = Files.readSymbolicLink(link);
    generation("g2-aaaaa");
    assertThat(Files.readSymbolicLink(link)).isNotEqualTo(first);
    done(Acts.REMOVE, "g2-aaaaa", Map.of(Acts.INSTEAD, "g1-aaaaa"));
    assertThat(Files.readSymbolicLink(link)).isEqualTo(first).isDirectory();
  }

  /** Secrets in memory. */
  private static final class KnownSecrets implements SecretStore {
    private final Map<String, Secret> known = new ConcurrentHashMap<>();

    @Override
    public void put(ResourceId resource, String name, Secret secret) {
      known.put(name, secret);
    }

    @Override
    public Optional<Secret> find(ResourceId resource, String name) {
      return Optional.ofNullable(known.get(name));
    }

    @Override
    public void drop(ResourceId resource, String name) {
      known.remove(name);
    }
  }
}
