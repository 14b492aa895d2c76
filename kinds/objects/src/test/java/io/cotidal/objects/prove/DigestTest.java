package io.cotidal.objects.prove;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.objects.names.ObjectRow;
import io.cotidal.objects.names.Timestamp;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("digests of listings")
@Timeout(60)
final class DigestTest {
  private static ObjectRow row(String name, long written) {
    return ObjectRow.plain(name, new Timestamp(written), "h" + written, 3);
  }

  private static Digest of(Collection<ObjectRow> rows) {
    Digesting digesting = new Digesting();
    rows.forEach(digesting::add);
    return digesting.digest();
  }

  private static NavigableMap<String, ObjectRow> rows(int count) {
    NavigableMap<String, ObjectRow> rows = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      String name = String.format("photos/%07d.jpg", i);
      rows.put(name, row(name, i));
    }
    return rows;
  }

  @Test
  @DisplayName("the same rows are the same, and any field that differs is a difference")
  void fields() {
    ObjectRow plain = row("x", 5);
    Digest digest = of(List.of(plain));
    assertThat(digest.same(of(List.of(row("x", 5))))).isTrue();
    assertThat(digest.rows()).isEqualTo(1);
    assertThat(digest.bytes()).isEqualTo(3);
    Timestamp time = plain.written();
    for (ObjectRow other :
        List.of(
            ObjectRow.plain("y", time, "h5", 3),
            ObjectRow.plain("x", time.next(), "h5", 3),
            ObjectRow.plain("x", time, "h6", 3),
            new ObjectRow("x", time, "h5", 3, "v", true, false),
            new ObjectRow("x", time, "h5", 3, time.toString(), true, true))) {
      Digest changed = of(List.of(other));
      assertThat(digest.same(changed)).as("%s", other).isFalse();
      assertThat(digest.sum()).isNotEqualTo(changed.sum());
      assertThat(Differences.between(digest, changed).ranges()).hasSize(1);
    }
    assertThat(of(List.of()).same(of(List.of()))).isTrue();
    assertThat(of(List.of()).rows()).isZero();
    assertThatThrownBy(() -> of(List.of(row("b", 1), row("a", 1))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  @DisplayName("what equal sites list each in their own way is no difference")
  void ownWays() {
    Timestamp first = new Timestamp(171_600_000_000_000L);
    Timestamp second = first.next();
    Timestamp late = new Timestamp(first.steps() + 500_000);
    ObjectRow before = new ObjectRow("o", first, "h", 1, ObjectRow.UNNAMED, false, false);
    ObjectRow named = new ObjectRow("o", first, "h", 1, first.toString(), false, false);
    ObjectRow marker = new ObjectRow("o", second, "d", 0, second.toString(), true, true);
    ObjectRow later = new ObjectRow("o", late, "d", 0, second.toString(), true, true);
    ObjectRow aside = new ObjectRow("p", first, "h", 1, first.toString(), false, false);
    ObjectRow given = new ObjectRow("p", late, "h", 1, first.toString(), false, false);
    Digest east = of(List.of(ObjectRow.plain("a", first, "manifest", 8), before, marker, aside));
    Digest west = of(List.of(ObjectRow.plain("a", first, "manifest", 217), later, named, given));
    assertThat(east.same(west)).isTrue();
    assertThat(Differences.between(east, west).ranges()).isEmpty();
    assertThat(east.bytes()).isEqualTo(10);
    ObjectRow other = new ObjectRow("o", late, "d", 0, late.toString(), true, true);
    assertThat(of(List.of(before, marker)).same(of(List.of(named, other))))
        .as("another deletion")
        .isFalse();
    ObjectRow current = new ObjectRow("p", first, "h", 1, first.toString(), true, false);
    ObjectRow posted = new ObjectRow("p", late, "h", 1, first.toString(), true, false);
    assertThat(of(List.of(current)).same(of(List.of(posted)))).as("other metadata").isFalse();
    assertThatThrownBy(() -> of(List.of(new ObjectRow("o", first, "d", 0, "x", true, true))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  @DisplayName(
      "objects/S19: one object among 200,000 that differs, is missing or is too many is found in a few steps")
  void one() {
    NavigableMap<String, ObjectRow> rows = rows(200_000);
    Digest all = of(rows.values());
    Random random = new Random(7);
    for (int i = 0; i < 3; i++) {
      String name = String.format("photos/%07d.jpg", random.nextInt(200_000));
      TreeMap<String, ObjectRow> other = new TreeMap<>(rows);
      switch (i) {
        case 0 -> other.put(name, row(name, 999_999));
        case 1 -> other.remove(name);
        default -> {
          name += "x";
          other.put(name, row(name, 1));
        }
      }
      Differences found = Differences.between(all, of(other.values()));
      assertThat(found.ranges()).hasSize(1);
      Range range = found.ranges().getFirst();
      assertThat(range.has(name)).as("%s in %s", name, range).isTrue();
      assertThat(rows.keySet().stream().filter(range::has).count()).isLessThan(5_000);
      assertThat(found.compared()).isLessThan(300);
    }
  }

  @Test
  @DisplayName("every difference lies in a range, and equal listings have none, whatever they are")
  void complete() {
    long seed = System.nanoTime();
    System.out.println("digests from seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 60; round++) {
      NavigableMap<String, ObjectRow> a = rows(random.nextInt(6_000));
      TreeMap<String, ObjectRow> b = new TreeMap<>(a);
      List<String> changed = new ArrayList<>();
      for (int i = random.nextInt(12); i > 0; i--) {
        String name = String.format("photos/%07d.jpg", random.nextInt(6_500));
        changed.add(name);
        if (random.nextInt(3) == 0) {
          b.remove(name);
          a.put(name, row(name, 777));
        } else if (random.nextBoolean()) {
          b.put(name, row(name, 1_000_000 + i));
        } else {
          b.remove(name);
        }
      }
      List<Range> ranges = Differences.between(of(a.values()), of(b.values())).ranges();
      for (String name : changed) {
        if (!Objects.equals(a.get(name), b.get(name))) {
          assertThat(ranges).as("seed %d: %s", seed, name).anyMatch(range -> range.has(name));
        }
      }
      if (a.equals(b)) {
        assertThat(ranges).as("seed %d", seed).isEmpty();
      }
    }
  }

  @Test
  @DisplayName("the sum is the same in whatever parts the rows were read")
  void sums() {
    NavigableMap<String, ObjectRow> rows = rows(5_000);
    Digest all = of(rows.values());
    String middle = "photos/0001234.jpg";
    assertThat(
            Digest.sum(
                of(rows.tailMap(middle, true).values()).sum(),
                of(rows.headMap(middle, false).values()).sum()))
        .isEqualTo(all.sum());
    assertThat(all.root().rows()).isEqualTo(all.rows());
    assertThat(all.root().bytes()).isEqualTo(all.bytes());
    assertThat(all.sum()).hasSize(64);
    assertThat(all.root().hash()).hasSize(64);
  }
}
