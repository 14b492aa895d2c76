package io.cotidal.objects.world;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.objects.agree.FileBook;
import io.cotidal.objects.names.Timestamp;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("worlds whose rules change there and back")
final class LeavingWorldTest {
  @TempDir private Path folder;

  @Test
  @Timeout(120)
  @DisplayName(
      "objects/S18: what was written and neither deleted nor overwritten is at every site of the rules")
  void worlds() throws Exception {
    long first = System.nanoTime();
    System.out.println("leaving worlds from seed " + first);
    int withdrawn = 0;
    int asked = 0;
    for (long seed = first; seed < first + 2_000; seed++) {
      MemoryBook book = new MemoryBook();
      LeavingWorld world = new LeavingWorld(seed, book::of);
      check(seed, world);
      withdrawn += world.withdrawn;
      asked += world.asked;
    }
    System.out.println(withdrawn + " withdrawn, " + asked + " asked once more");
    assertThat(withdrawn).isPositive();
  }

  @Test
  @Timeout(120)
  @DisplayName("the same with books on the disk")
  void onDisk() throws Exception {
    long first = System.nanoTime();
    System.out.println("leaving worlds on disk from seed " + first);
    for (long seed = first; seed < first + 25; seed++) {
      Path place = folder.resolve("w" + seed);
      check(seed, new LeavingWorld(seed, sites -> FileBook.open(place, "AUTH_test/c", sites)));
    }
  }

  private static void check(long seed, LeavingWorld world) {
    try {
      world.run();
      world.history.forEach((name, ops) -> check(world, name, ops));
      assertThat(world.at).containsExactlyInAnyOrderElementsOf(world.placed);
      world.back();
      world.history.forEach((name, ops) -> check(world, name, ops));
    } catch (Exception | AssertionError e) {
      throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
    }
  }

  private static void check(LeavingWorld world, String name, List<Op> ops) {
    Op last =
        ops.stream()
            .max(Comparator.<Op, Timestamp>comparing(Op::at).thenComparing(Op::hash))
            .orElseThrow();
    Set<String> found = new HashSet<>();
    for (FakeSite site : world.placed) {
      FakeSite.Cell cell = site.alive(name);
      found.add(cell == null ? "" : cell.hash());
    }
    assertThat(found).as("%s is the same everywhere, of %s", name, ops).hasSize(1);
    if (last.deletion()) {
      // Others may give way to the write that they delete: nobody can tell them from ours.
      assertThat(found.contains("") || !world.sure(last)).as("%s of %s", name, ops).isTrue();
    } else {
      // Which one of two stays that were written at the same time is of no account.
      assertThat(ops.stream().filter(op -> op.at().equals(last.at())).map(Op::hash))
          .as("%s of %s", name, ops)
          .containsAll(found);
    }
  }
}
