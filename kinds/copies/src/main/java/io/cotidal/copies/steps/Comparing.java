package io.cotidal.copies.steps;

import io.cotidal.copies.database.Administration.TableDigest;
import io.cotidal.copies.database.EngineException;
import io.cotidal.copies.plan.Acts;
import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.model.Step;
import java.io.IOException;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Asks a copy and a fresh clone of its generation what each table holds, and says what differs. */
final class Comparing implements Act {
  /** What a table says that is equal in both. */
  private static final String SAME = "same";

  private final Bench bench;
  private final Making making;

  Comparing(Bench bench) {
    this.bench = bench;
    this.making = new Making(bench, true);
  }

  @Override
  public Details act(Turn turn) throws EngineException, IOException, InterruptedException {
    String beside = turn.need("beside");
    String generation = turn.need(Acts.GENERATION);
    Step make = turn.step().with(Acts.GENERATION, generation);
    making.act(new Turn(make, beside, turn.deadline(), turn.progress()));
    SortedMap<String, TableDigest> original = digest(beside, generation, turn);
    SortedMap<String, TableDigest> copy = digest(turn.id(), generation, turn);
    return differences(original, copy);
  }

  private SortedMap<String, TableDigest> digest(String id, String generation, Turn turn)
      throws EngineException, IOException, InterruptedException {
    return new Homes(bench).of(id).digest(generation, turn.deadline());
  }

  /** For each table what differs, or that nothing does. */
  static Details differences(
      SortedMap<String, TableDigest> original, SortedMap<String, TableDigest> copy) {
    TreeSet<String> tables = new TreeSet<>(original.keySet());
    tables.addAll(copy.keySet());
    TreeMap<String, String> lines = new TreeMap<>();
    for (String table : tables) {
      lines.put(table, difference(original.get(table), copy.get(table)));
    }
    return Details.copyOf(lines);
  }

  private static String difference(@Nullable TableDigest original, @Nullable TableDigest copy) {
    if (original == null) {
      return "only in the copy";
    }
    if (copy == null) {
      return "missing in the copy";
    }
    if (!original.definition().equals(copy.definition())) {
      return "defined differently; rows " + original.rows() + " -> " + copy.rows();
    }
    if (original.rows() != copy.rows()) {
      return "rows " + original.rows() + " -> " + copy.rows();
    }
    return original.content().equals(copy.content()) ? SAME : "other content";
  }

  @Override
  public Inspection inspect(Turn turn) {
    return new Inspection.NotApplied("a comparison changes nothing");
  }
}
