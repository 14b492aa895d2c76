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

@DisplayName("worlds of sites that fail, lag and are written to, and passes that are killed")
final class WorldTest {
  @TempDir private Path folder;

  @Test
  @Timeout(60)
  @DisplayName(
      "objects/S9, S10: every world comes to rest at the latest writes, and tells what it discarded")
  void worlds() throws Exception {
    long first = System.nanoTime();
    System.out.println("worlds from seed " + first);
    for (long seed = first; seed < first + 2_000; seed++) {
      MemoryBook book = new MemoryBook();
      check(seed, new World(seed, book::of));
    }
  }

  @Test
  @Timeout(60)
  @DisplayName("the same with books on the disk")
  void onDisk() throws Exception {
    long first = System.nanoTime();
    System.out.println("worlds on disk from seed " + first);
    for (long seed = first; seed < first + 25; seed++) {
      Path place = folder.resolve("w" + seed);
      check(seed, new World(seed, sites -> FileBook.open(place, "AUTH_test/c", sites)));
    }
  }

  private static void check(long seed, World world) {
    try {
      world.run();
      world.history.forEach((name, ops) -> check(world, name, ops));
    } catch (Exception | AssertionError e) {
      throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
    }
  }

  /**
   * After a kill, and beside two of the same moment, metadata of the same content may seem to meet
   * for the first time.
   */
  private static boolean posted(World world, Op op, List<Op> ops) {
    return (world.killed || ops.stream().map(Op::at).distinct().count() < ops.size())
        && ops.stream()
            .anyMatch(later -> later.hash().equals(op.hash()) && later.at().after(op.at()));
  }

  /**
   * While a listing hid it, it was deleted elsewhere and written anew: then its site seemed to have
   * nothing, and what comes to light cannot be told from what was deleted.
   */
  private static boolean hidden(World world, Op op, List<Op> ops) {
    return world.hidden.contains(op)
        && ops.stream()
            .anyMatch(gone ->
                gone.deletion()
                    && gone.at().after(op.at())
                    && ops.stream().anyMatch(anew -> anew.at().after(gone.at())));
  }

  private static void check(World world, String name, List<Op> ops) {
    Op last =
        ops.stream()
            .max(Comparator.<Op, Timestamp>comparing(Op::at).thenComparing(Op::hash))
            .orElseThrow();
    for (FakeSite site : world.sites) {
      FakeSite.Cell cell = site.alive(name);
      assertThat(cell == null ? "" : cell.hash())
          .as("%s at site %d of %s", name, world.sites.indexOf(site), ops)
          .isEqualTo(last.hash());
    }
    Set<Op> known = new HashSet<>();
    ops.forEach(op -> known.addAll(op.past()));
    for (Op op : ops) {
      boolean discarded = !op.equals(last) && !known.contains(op) && !op.deletion();
      if (discarded && !posted(world, op, ops) && !hidden(world, op, ops)) {
        assertThat(world.ledger)
            .as("%s is discarded for %s, of %s", op, last, ops)
            // Of a tie, what stays comes a step later.
            .containsAnyOf(name + op.at() + op.hash(), name + op.at().next() + op.hash());
      }
    }
  }
}
