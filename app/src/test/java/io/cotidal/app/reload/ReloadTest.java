package io.cotidal.app.reload;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.app.config.Clusters;
import io.cotidal.app.config.Configuration;
import io.cotidal.app.config.Loaded;
import io.cotidal.app.config.Rereading;
import io.cotidal.app.kinds.Wing;
import io.cotidal.engine.Driver;
import io.cotidal.engine.ResourceView;
import io.cotidal.engine.SpecStore;
import io.cotidal.model.Actor;
import io.cotidal.model.ResourceId;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.plan.proxying.ProxiedKind;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.remote.Deadline;
import io.cotidal.runtime.Daemon;
import io.cotidal.runtime.Election;
import io.cotidal.runtime.Managed;
import io.cotidal.runtime.SystemClock;
import io.cotidal.server.Reconfiguration;
import io.cotidal.store.SqlStore;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a reload does when something of it cannot be done. Nothing turns: no loop is started. */
@Timeout(30)
final class ReloadTest {
  private static final ResourceId ORDERS = new ResourceId("postgres", "orders");
  private static final ResourceId OLD = new ResourceId("postgres", "orders.old");
  private static final String NONE = "listen: 127.0.0.1:7400\n";

  @TempDir Path folder;

  private final SystemClock clock = new SystemClock();
  private final Set<ResourceId> applied = new TreeSet<>();
  private final Set<ResourceId> broken = new TreeSet<>();
  private final Hand election = new Hand();
  private String text = NONE;
  private boolean readable = true;
  private SqlStore store;
  private Daemon daemon;
  private Reload reload;

  private static final class Hand implements Election {
    private String leader = "";

    @Override
    public void start(Candidate who) {}

    @Override
    public boolean held() {
      return leader.isEmpty();
    }

    @Override
    public String reason() {
      return leader;
    }

    @Override
    public void close() {}
  }

  private final class Postgres implements Wing.Open, Wing.Exchange {
    @Override
    public List<Managed<?, ?>> resources() {
      return List.of();
    }

    @Override
    public Optional<Wing.Exchange> exchange() {
      return Optional.of(this);
    }

    @Override
    @SuppressWarnings("unchecked")
    public Managed<?, ?> resource(Configuration next, ResourceId id) {
      if (broken.contains(id)) {
        throw new IllegalStateException("the key\nis gone");
      }
      PostgresSpec spec =
          next.of(Clusters.class).named().stream()
              .filter(each -> each.id().equals(id))
              .findFirst()
              .orElseThrow();
      Driver<PgFacts> driver =
          (Driver<PgFacts>)
              Proxy.newProxyInstance(
                  ReloadTest.class.getClassLoader(),
                  new Class<?>[] {Driver.class},
                  (self, method, arguments) -> null);
      return new Managed<>(new ProxiedKind(), spec, driver);
    }

    @Override
    public Optional<String> objection(Configuration next, ResourceView running) {
      return Optional.empty();
    }

    @Override
    public List<String> foreseen(Configuration next, ResourceId id, Deadline deadline) {
      return List.of("the sky falls on " + id.name());
    }

    @Override
    public void applied(Configuration next, Set<ResourceId> changed) {
      applied.addAll(changed);
    }
  }

  private final class Text implements Rereading {
    @Override
    public String place() {
      return "/etc/cotidal/cotidal.yaml";
    }

    @Override
    public Loaded read() {
      try {
        return new Loaded.Valid(Written.of(folder, text));
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public Loaded judge(String other) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<String> text() {
      return Optional.of(text);
    }
  }

  /** The real records, unless the test says that they cannot be read. */
  private final class Specs implements SpecStore {
    private SpecStore real() {
      if (!readable) {
        throw new IllegalStateException("the store does not answer");
      }
      return store;
    }

    @Override
    public Optional<Spec> spec(ResourceId resource) {
      return real().spec(resource);
    }

    @Override
    public List<Spec> specs() {
      return real().specs();
    }

    @Override
    public boolean put(Spec next) {
      return real().put(next);
    }
  }

  @BeforeEach
  void open() throws IOException {
    store = SqlStore.open(folder.resolve("cotidal.db"));
    Records records =
        new Records(
            new Specs(), new Records.Origin("here:/f", false), InstantSource.system(), new Notes());
    daemon = new Daemon(new Daemon.Ground(clock, store, election, records), List.of(), List.of());
    reload =
        new Reload(
            Written.of(folder, NONE),
            new Reload.Ground(
                new Text(), daemon, records, List.of(new Running.Of("postgres", new Postgres()))));
  }

  @AfterEach
  void close() {
    daemon.close();
    store.close();
    clock.close();
  }

  private Reconfiguration.Outcome apply() {
    return reload.apply(new Reconfiguration.Request(new Actor("eve"), Optional.empty(), false));
  }

  private List<String> taken() {
    return switch (apply()) {
      case Reconfiguration.Outcome.Taken taken ->
          taken.report().changes().stream()
              .map(each -> each.what() + " " + each.state() + " " + each.reason())
              .toList();
      case Reconfiguration.Outcome.Faulty faulty -> List.of("faulty " + faulty.problems());
      case Reconfiguration.Outcome.Refused refused -> List.of("refused " + refused.reason());
      case Reconfiguration.Outcome.NotLeading other -> List.of("not leading " + other.reason());
    };
  }

  @Test
  @DisplayName("one that cannot be taken up is said to be; the others are, and what hangs on them")
  void partly() {
    text = Written.TEXT;
    broken.add(OLD);
    assertThat(taken())
        .containsExactly(
            "postgres/orders APPLIED ",
            "postgres/orders.old BUSY not taken up (the key is gone); see the log, and apply"
                + " again");
    assertThat(applied).containsExactly(ORDERS);
    assertThat(daemon.resources()).extracting(ResourceView::id).containsExactly(ORDERS);
    broken.clear();
    assertThat(taken()).containsExactly("postgres/orders.old APPLIED ");
    assertThat(applied).containsExactly(ORDERS, OLD);
    assertThat(taken()).isEmpty();
  }

  @Test
  @DisplayName("a rehearsal says what would come of a change, and does nothing")
  void foreseen() {
    text = Written.TEXT;
    assertThat(taken()).hasSize(2);
    text = Written.TEXT.replace("quorum: 1", "quorum: 0");
    Reconfiguration.Request rehearsal =
        new Reconfiguration.Request(new Actor("eve"), Optional.empty(), true);
    assertThat(((Reconfiguration.Outcome.Taken) reload.apply(rehearsal)).report().changes())
        .singleElement()
        .satisfies(
            change -> assertThat(change.lines()).hasSize(2).endsWith("the sky falls on orders"));
    assertThat(taken()).containsExactly("postgres/orders APPLIED ");
  }

  @Test
  @DisplayName("a file in which nothing stands releases nothing; one that names nothing does")
  void hollow() {
    text = Written.TEXT;
    assertThat(taken()).hasSize(2);
    for (String empty : List.of("", "\n", "# all gone\n")) {
      text = empty;
      assertThat(taken())
          .singleElement()
          .asString()
          .startsWith("faulty [/etc/cotidal/cotidal.yaml: nothing is written in it");
    }
    assertThat(daemon.resources()).hasSize(2);
    text = NONE;
    assertThat(taken()).hasSize(2).allMatch(line -> line.endsWith("APPLIED "));
    assertThat(daemon.resources()).isEmpty();
  }

  @Test
  @DisplayName(
      "without the store nothing is taken up, in one sentence, by who leads and who does not")
  void unreadable() {
    text = Written.TEXT;
    readable = false;
    assertThat(taken())
        .hasSize(2)
        .allMatch(line -> line.contains("BUSY not taken up (the store does not answer)"));
    assertThat(daemon.resources()).isEmpty();
    election.leader = "nobody: the store does not answer";
    assertThat(taken())
        .singleElement()
        .asString()
        .startsWith("not leading this daemon does not lead (nobody: the store does not answer)")
        .endsWith("apply again when the store answers");
    readable = true;
    election.leader = "";
    assertThat(taken()).hasSize(2).allMatch(line -> line.endsWith("APPLIED "));
  }
}
