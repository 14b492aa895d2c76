package io.cotidal.copies.plan;

import io.cotidal.engine.State;
import io.cotidal.model.Details;
import io.cotidal.model.Item;
import io.cotidal.model.Names;
import io.cotidal.model.Operation;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The items of a template, in its own words. */
public final class Shelf {
  /** What people make: a database of their own. */
  public static final String COPY = "copy";

  /** A copy that waits, started and paused, for an owner. */
  public static final String SPARE = "spare";

  /** The template's data at one time. */
  public static final String GENERATION = "generation";

  /** It is being made. */
  static final String CREATING = "creating";

  /** It can be used. */
  public static final String READY = "ready";

  /** Its server was stopped by somebody; its data is kept. */
  static final String STOPPED = "stopped";

  /** Its data is being replaced. */
  static final String RESETTING = "resetting";

  /** It is going. */
  static final String DELETING = "deleting";

  /** It is neither what it was nor what it should be: reset or delete it. */
  static final String BROKEN = "broken";

  /** Ledger: the name of the generation from which copies are made. */
  static final String CURRENT = "generation";

  /** Ledger: the number of the last generation that was begun. */
  static final String LAST = "last-generation";

  /** Ledger: wall time at which an import by schedule was last begun, in microseconds. */
  static final String SCHEDULED = "scheduled";

  /** Ledger: why the last import failed; not there if none failed since one was published. */
  static final String FAILURE = "import-failure";

  private static final int MOMENT = 5;
  private static final long MOMENTS = 60_466_176;

  private final State<?> state;

  Shelf(State<?> state) {
    this.state = state;
  }

  List<Item> copies() {
    return state.items(COPY);
  }

  List<Item> spares() {
    return state.items(SPARE);
  }

  List<Item> generations() {
    return state.items(GENERATION);
  }

  Optional<Item> copy(String name) {
    return Names.valid(name) ? Optional.ofNullable(state.item(COPY, name)) : Optional.empty();
  }

  /** The generation from which copies are made now. */
  Optional<Item> current() {
    return state
        .ledger()
        .find(CURRENT)
        .map(id -> state.item(GENERATION, id))
        .filter(item -> item.is(READY));
  }

  /**
   * The id of a place that operation number {@code operation} makes. A store that was lost, or is
   * another one, counts from one again: the moment keeps its places apart from those that are
   * there.
   */
  static String place(String letter, long operation, State<?> state) {
    long moment = Math.floorMod(state.now().micros() / 1_000, MOMENTS);
    String text = Long.toString(moment, Character.MAX_RADIX);
    return letter + operation + "-" + "0".repeat(MOMENT - text.length()) + text;
  }

  /** The id of a place for a short time, named after the copy that it serves. */
  String beside(Item copy) {
    String id = id(copy);
    return place("c", Long.parseLong(id.substring(1, id.indexOf('-'))), state);
  }

  /** The name of the next generation. */
  String nextGeneration() {
    return "g" + (last() + 1);
  }

  /** What the ledger must say once {@code generation} is begun. */
  static Details begun(String generation) {
    return Details.of(LAST, generation.substring(1));
  }

  private long last() {
    long begun = Long.parseLong(state.ledger().get(LAST, "0"));
    return generations().stream()
        .mapToLong(item -> Long.parseLong(item.name().substring(1)))
        .reduce(begun, Math::max);
  }

  /** How many copies and spares rest on each generation. */
  SortedMap<String, Integer> uses() {
    SortedMap<String, Integer> uses = new TreeMap<>();
    for (Item item : List.copyOf(state.items().values())) {
      if (!item.sort().equals(GENERATION)) {
        uses.merge(generation(item), 1, Integer::sum);
      }
    }
    return uses;
  }

  /** The open operation that works on the item, or with it, if there is one. */
  Optional<Operation> worker(Item item) {
    String scope = Changes.scope(item.sort(), item.name());
    return state
        .holding()
        .filter(open ->
            speaksOf(open, id(item))
                || open.locks().stream().anyMatch(lock -> lock.scope().equals(scope)))
        .findFirst();
  }

  /** Whether the place of that id is the operation's business: a lock cannot know it yet. */
  static boolean speaksOf(Operation operation, String id) {
    return operation.input().entries().containsValue(id)
        || operation.steps().stream()
            .anyMatch(row ->
                row.step().arguments().entries().containsValue(id)
                    || row.evidence().entries().containsValue(id));
  }

  /** Where the item lies on the volume. */
  public static String id(Item item) {
    return item.facts().get(Acts.ID, item.name());
  }

  /** Where the generation of that name lies on the volume; as good as nowhere if there is none. */
  String place(String generation) {
    Item item = state.item(GENERATION, generation);
    return item == null ? generation : id(item);
  }

  /** The generation from which the item was made. */
  static String generation(Item item) {
    return item.facts().get(Acts.GENERATION, "");
  }
}
