package io.cotidal.app.reload;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.engine.SpecStore;
import io.cotidal.model.Actor;
import io.cotidal.model.ResourceId;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RecordsTest {
  private static final ResourceId ORDERS = new ResourceId("postgres", "orders");
  private static final Actor EVE = new Actor("eve");

  private final Memory store = new Memory();

  private static final class Memory implements SpecStore {
    private final Map<ResourceId, Spec> specs = new TreeMap<>();

    @Override
    public Optional<Spec> spec(ResourceId resource) {
      return Optional.ofNullable(specs.get(resource));
    }

    @Override
    public List<Spec> specs() {
      return List.copyOf(specs.values());
    }

    @Override
    public boolean put(Spec next) {
      Spec before = specs.get(next.resource());
      boolean fits = next.generation() == (before == null ? 1 : before.generation() + 1);
      if (fits) {
        specs.put(next.resource(), next);
      }
      return fits;
    }
  }

  private Records records(String file, boolean alone, String quorum) {
    Records records =
        new Records(store, new Records.Origin(file, alone), InstantSource.system(), new Notes());
    records.running(ORDERS, Fingerprint.of(Map.of("quorum", quorum, "mode", "manage")));
    return records;
  }

  private SpecStore.Spec record() {
    return store.spec(ORDERS).orElseThrow();
  }

  @Test
  @DisplayName("the first one is written down; another daemon with the same may manage it, too")
  void same() {
    assertThat(records("one:/a", false, "1").objection(ORDERS)).isEmpty();
    assertThat(records("two:/b", false, "1").objection(ORDERS)).isEmpty();
    assertThat(record().generation()).isEqualTo(1);
    assertThat(record().origin()).isEqualTo("one:/a");
  }

  @Test
  @DisplayName("another daemon with another one must not, and says in which keys")
  void differs() {
    assertThat(records("one:/a", false, "1").objection(ORDERS)).isEmpty();
    Records other = records("two:/b", false, "2");
    assertThat(other.objection(ORDERS).orElseThrow())
        .contains("generation 1 of one:/a", "in quorum", "cot apply");
    assertThat(record().generation()).isEqualTo(1);
    other.told(ORDERS, EVE);
    assertThat(other.objection(ORDERS)).isEmpty();
    assertThat(record().generation()).isEqualTo(2);
    assertThat(record().actor()).isEqualTo("eve");
    assertThat(records("one:/a", false, "1").objection(ORDERS)).isPresent();
  }

  @Test
  @DisplayName("a word that was given before another daemon led holds no more")
  void stale() {
    Records one = records("one:/a", false, "1");
    assertThat(one.objection(ORDERS)).isEmpty();
    // Told while it led; it lost the election before it could write that down.
    one.told(ORDERS, EVE);
    one.running(ORDERS, Fingerprint.of(Map.of("quorum", "2", "mode", "manage")));
    Records two = records("two:/b", false, "3");
    two.told(ORDERS, new Actor("ann"));
    assertThat(two.objection(ORDERS)).isEmpty();
    assertThat(record().origin()).isEqualTo("two:/b");
    assertThat(one.objection(ORDERS).orElseThrow()).contains("generation 2 of two:/b");
    assertThat(record().origin()).isEqualTo("two:/b");
    one.told(ORDERS, EVE);
    assertThat(one.objection(ORDERS)).isEmpty();
    assertThat(record().actor()).isEqualTo("eve");
  }

  @Test
  @DisplayName("the very file that is of record may change, and so may the only one of a store")
  void newer() {
    assertThat(records("one:/a", false, "1").objection(ORDERS)).isEmpty();
    assertThat(records("one:/a", false, "2").objection(ORDERS)).isEmpty();
    assertThat(record().generation()).isEqualTo(2);
    assertThat(records("two:/b", true, "3").objection(ORDERS)).isEmpty();
    assertThat(record().generation()).isEqualTo(3);
  }

  @Test
  @DisplayName("what was released stays so for others who still have it in their files")
  void released() {
    Records one = records("one:/a", false, "1");
    assertThat(one.objection(ORDERS)).isEmpty();
    assertThat(one.release(ORDERS, EVE)).isTrue();
    one.forget(ORDERS);
    assertThat(one.objection(ORDERS)).isEmpty();
    Records other = records("two:/b", false, "1");
    assertThat(other.objection(ORDERS).orElseThrow()).contains("released", "generation 2");
    assertThat(other.ofRecord(ORDERS, Optional.empty())).isTrue();
    assertThat(other.agrees(record())).isFalse();
  }

  @Test
  @DisplayName("of a resource that is not configured nothing is of record")
  void unknown() {
    Records records = records("one:/a", false, "1");
    assertThat(records.objection(new ResourceId("copies", "found"))).isEmpty();
    assertThat(store.specs()).isEmpty();
  }
}
