package io.cotidal.objects.agree;

import io.cotidal.objects.compare.Brake;
import io.cotidal.objects.compare.Listed;
import io.cotidal.objects.compare.Outcome;
import io.cotidal.objects.compare.RowSource;
import io.cotidal.objects.compare.SiteSet;
import io.cotidal.objects.compare.Verdict;
import io.cotidal.objects.names.ObjectRow;
import io.cotidal.objects.names.Timestamp;
import io.cotidal.objects.prove.Digesting;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How long a pass over two sites with a million objects each takes, and how much heap: to be run by
 * hand, with a small heap. Its arguments: a folder, the number of objects.
 */
final class MillionRows {
  private static final Timestamp NOW = new Timestamp(190_000_000_000_000L);

  private MillionRows() {}

  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    int count = Integer.parseInt(args[1]);
    look(folder, "nothing agreed on yet, equal", () -> rows(count, 0), () -> rows(count, 0));
    look(folder, "agreed on and equal", () -> rows(count, 0), () -> rows(count, 0));
    look(folder, "one in a thousand written", () -> rows(count, 1_000), () -> rows(count, 0));
    look(folder, "every one written", () -> rows(count, 1), () -> rows(count, 0));
    long start = System.nanoTime();
    Digesting digesting = new Digesting();
    rows(count, 0).forEachRemaining(digesting::add);
    String sum = digesting.digest().sum();
    System.out.printf("digest %s…: %.2f s%n", sum.substring(0, 8), seconds(start));
    System.out.printf("agreed listing: %d bytes%n", Files.size(folder.resolve("agreed")));
  }

  private interface Rows {
    Iterator<ObjectRow> get();
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  private static Iterator<ObjectRow> rows(int count, int every) {
    return IntStream.range(0, count)
        .mapToObj(i ->
            ObjectRow.plain(
                String.format("projects/alpha/photos/2024/%09d.jpg", i),
                new Timestamp(170_000_000_000_000L + (every > 0 && i % every == 0 ? 7 + i : i)),
                String.format("%032x", i * 7919L),
                i))
        .iterator();
  }

  private static void look(Path folder, String what, Rows a, Rows b) throws Exception {
    ManagementFactory.getMemoryPoolMXBeans().forEach(MemoryPoolMXBean::resetPeakUsage);
    long start = System.nanoTime();
    Terms terms =
        new Terms(SiteSet.first(2), Duration.ofSeconds(2), Duration.ofDays(1), new Brake(1, 0, 0));
    Tally tally;
    try (FileBook book = FileBook.open(folder, "AUTH_test/c", List.of("a", "b"));
        Pass pass =
            new Pass(book, List.<RowSource>of(Listed.of(a.get()), Listed.of(b.get())), terms)) {
      for (Finding one = next(pass); one != null; one = next(pass)) {
        if (one.verdict() instanceof Verdict.Copy copy) {
          pass.settle(one, Outcome.copied(copy, copy.to()), NOW);
        }
      }
      tally = pass.finish();
    }
    System.out.printf(
        "%s: %.2f s, %d equal, %d copies, tenured peak %d MB%n",
        what, seconds(start), tally.equal(), tally.copies(), peak() >> 20);
  }

  private static @Nullable Finding next(Pass pass) throws Exception {
    return pass.next(NOW);
  }

  private static long peak() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP && pool.getName().contains("Tenured"))
        .mapToLong(pool -> pool.getPeakUsage().getUsed())
        .sum();
  }
}
