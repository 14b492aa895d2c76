package io.cotidal.feeds.plan;

import io.cotidal.feeds.job.Thing;
import io.cotidal.feeds.observe.FeedsFacts;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.model.Details;
import io.cotidal.model.Item;
import io.cotidal.model.Operation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/** Which generations of tables stay beside those that are read. */
final class Kept {
  /** So many tables are dropped by one operation. */
  private static final int MOST_TABLES = 20;

  private final Picture picture;
  private final FeedsFacts.Database database;

  /** Rows by the tables that they name, those of before included. */
  private final Map<String, Item> rows = new HashMap<>();

  /** Digests that jobs ask for, by table. */
  private final Map<String, String> asked = new HashMap<>();

  /** Tables and jobs on which somebody works, or is about to. */
  private final Set<String> busy;

  Kept(Picture picture, FeedsFacts.Database database, Set<String> busy) {
    this.picture = picture;
    this.database = database;
    this.busy = new HashSet<>(busy);
    for (Item item : picture.jobs().all()) {
      Jobs.words(item.facts().get(Jobs.LEFT, "")).forEach(table -> rows.put(table, item));
    }
    for (Item item : picture.jobs().all()) {
      item.facts().find(Acts.TARGET).ifPresent(table -> rows.put(table, item));
    }
    picture.repository().ifPresent(seen -> seen.things().values().forEach(this::ask));
    picture.state().holding().forEach(this::work);
  }

  private void ask(Thing thing) {
    thing
        .publish()
        .ifPresent(wish ->
            picture
                .target(thing.subject(), wish)
                .ifPresent(target -> {
                  asked.put(target, wish.data());
                  if (busy.contains(picture.name(thing.subject()))) {
                    busy.add(target);
                  }
                }));
  }

  /** What an operation works on may be another table than the one that its row names. */
  private void work(Operation open) {
    open.steps().forEach(row -> row.step().arguments().find(Acts.TARGET).ifPresent(busy::add));
  }

  /** Those that go, as {@code schema.table/generation}. */
  List<String> superfluous() {
    Set<String> stay = new HashSet<>();
    database
        .kept()
        .forEach((table, generations) ->
            stay(table, generations).forEach(each -> stay.add(table + "/" + each)));
    stay.removeAll(beyondBudget(stay));
    List<String> go = new ArrayList<>();
    database
        .kept()
        .forEach((table, generations) -> {
          if (!busy.contains(table) && known(table)) {
            generations.keySet().stream()
                .map(generation -> table + "/" + generation)
                .filter(place -> !stay.contains(place))
                .forEach(go::add);
          }
        });
    return go;
  }

  /** Of those that may stay, the oldest for which there is no room, unless they are needed. */
  private Set<String> beyondBudget(Set<String> stay) {
    long room = picture.spec().database().map(each -> each.budgetBytes()).orElse(Long.MAX_VALUE);
    List<FeedsFacts.Spare> spare = new ArrayList<>();
    for (FeedsFacts.Spare each : database.spare()) {
      if (needed(each)) {
        room -= each.bytes();
      } else if (stay.contains(each.place())) {
        spare.add(each);
      }
    }
    Set<String> beyond = new HashSet<>();
    for (FeedsFacts.Spare each : spare) {
      room -= each.bytes();
      if (room < 0) {
        beyond.add(each.place());
      }
    }
    return beyond;
  }

  private boolean needed(FeedsFacts.Spare spare) {
    String digest = picture.kept(spare.table()).getOrDefault(spare.generation(), "");
    return needed(spare.table(), Map.of(spare.generation(), digest)).contains(spare.generation());
  }

  /** Whether the look is later than what was done to the table last, and nobody is at it. */
  private boolean known(String table) {
    Optional<Item> row = Optional.ofNullable(rows.get(table));
    return picture.fresh(FeedsSpec.DATABASE, row)
        && row.filter(item -> busy.contains(item.name())).isEmpty();
  }

  /**
   * Of a table that a job has: the newest whole ones, what is asked for, and what its row names.
   */
  private Set<String> stay(String table, SortedMap<String, String> generations) {
    Item row = rows.get(table);
    if (row == null && !asked.containsKey(table)) {
      return Set.of();
    }
    Set<String> stay = needed(table, generations);
    int keep = picture.spec().database().map(each -> each.keep()).orElse(0);
    generations.entrySet().stream()
        .filter(entry -> !entry.getValue().isEmpty())
        .map(Map.Entry::getKey)
        .sorted(Comparator.comparingLong(Kept::number).reversed())
        .limit(keep)
        .forEach(stay::add);
    return stay;
  }

  /** What a job asks for and the view does not read yet, and what the table's row names. */
  private Set<String> needed(String table, Map<String, String> generations) {
    Set<String> needed = new HashSet<>();
    String serves =
        Optional.ofNullable(database.served().get(table)).map(each -> each.digest()).orElse("");
    String wish = asked.getOrDefault(table, "");
    generations.forEach((generation, digest) -> {
      if (digest.equals(wish) && !digest.isEmpty() && !digest.equals(serves)) {
        needed.add(generation);
      }
    });
    Jobs.facts(rows.get(table)).find(Acts.GENERATION).ifPresent(needed::add);
    return needed;
  }

  /** The input for dropping the first of {@code tables}. */
  Details input(List<String> tables) {
    List<String> some = tables.subList(0, Math.min(tables.size(), MOST_TABLES));
    Set<String> jobs = new HashSet<>();
    for (String each : some) {
      Item row = rows.get(each.substring(0, each.lastIndexOf('/')));
      if (row != null) {
        jobs.add(row.name());
      }
    }
    return Details.of(Acts.TABLES, String.join(" ", some))
        .with(Single.JOBS, String.join(" ", jobs.stream().sorted().toList()));
  }

  /** The number in a generation's word: newer ones are greater. */
  static long number(String generation) {
    long number = 0;
    for (int i = 0; i < generation.length(); i++) {
      char c = generation.charAt(i);
      if (c >= '0' && c <= '9' && number < Long.MAX_VALUE / 100) {
        number = number * 10 + (c - '0');
      }
    }
    return number;
  }
}
