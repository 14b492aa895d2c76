package io.cotidal.feeds.plan;

import io.cotidal.feeds.observe.FeedsFacts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** Which generations of tables stay beside those that are read. */
final class Kept {
  private final Picture picture;
  private final FeedsFacts.Database database;

  Kept(Picture picture, FeedsFacts.Database database) {
    this.picture = picture;
    this.database = database;
  }

  /** Those that go, as {@code schema.table/generation}. */
  List<String> superfluous() {
    List<String> go = new ArrayList<>();
    for (Map.Entry<String, SortedMap<String, String>> table : database.kept().entrySet()) {
      boolean published = database.served().containsKey(table.getKey());
      int keep = published ? picture.spec().database().map(each -> each.keep()).orElse(0) : 0;
      List<String> whole =
          table.getValue().entrySet().stream()
              .filter(entry -> !entry.getValue().isEmpty())
              .map(Map.Entry::getKey)
              .sorted(Comparator.comparingLong(Kept::number).reversed())
              .toList();
      table.getValue().keySet().stream()
          .filter(
              generation -> !whole.subList(0, Math.min(keep, whole.size())).contains(generation))
          .forEach(generation -> go.add(table.getKey() + "/" + generation));
    }
    return go;
  }

  /** The number in a generation's word: newer ones are greater. */
  static long number(String generation) {
    String digits = generation.replaceAll("[^0-9]", "");
    return digits.isEmpty() || digits.length() > 18 ? 0 : Long.parseLong(digits);
  }
}
