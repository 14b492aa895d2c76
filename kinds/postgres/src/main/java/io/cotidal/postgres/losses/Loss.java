package io.cotidal.postgres.losses;

import io.cotidal.model.Details;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a member had that its primary has not, as it was found when the member was taken back.
 *
 * @param operation the number of the operation that found it
 * @param facts as {@link LossFacts} writes them
 */
public record Loss(long operation, Details facts) {
  private static final int TOLD = 3;

  /** One relation that has lost something. */
  public record Table(String name, RowCounts counts) {}

  /** Whose log it was. */
  public String member() {
    return facts.get(LossFacts.MEMBER, "");
  }

  /** Who has it not. */
  public String primary() {
    return facts.get(LossFacts.PRIMARY, "");
  }

  /** On which of the primary's timelines. */
  public String reign() {
    return facts.get(LossFacts.REIGN, "");
  }

  /** The name by which it is asked for. */
  public String id() {
    return facts.get(LossFacts.ID, "");
  }

  /** Why not all of it could be counted; empty if all was. */
  public Optional<String> problem() {
    return facts.find(LossFacts.PROBLEM);
  }

  /** Whether all was counted, and there is nothing. */
  public boolean nothing() {
    return problem().isEmpty() && counted() == 0;
  }

  private long counted() {
    return number(LossFacts.TRANSACTIONS) + number(LossFacts.SYSTEM) + number(LossFacts.PREPARED);
  }

  private long number(String name) {
    return Long.parseLong(facts.get(name, "0"));
  }

  /** The relations that lost most, as far as they are listed. */
  public List<Table> tables() {
    List<Table> tables = new ArrayList<>();
    for (String entry : facts.get(LossFacts.TABLES, "").split("; ", -1)) {
      int colon = entry.lastIndexOf(": ");
      if (colon > 0) {
        tables.add(
            new Table(entry.substring(0, colon), RowCounts.parse(entry.substring(colon + 2))));
      }
    }
    return tables;
  }

  /** All of it in one sentence. */
  public String sentence() {
    if (nothing()) {
      return member() + "'s log ends where " + primary() + "'s begins: nothing is lost";
    }
    if (problem().isPresent() && counted() == 0) {
      return "what "
          + member()
          + " had that "
          + primary()
          + " has not could not be counted, because "
          + problem().get()
          + kept();
    }
    return (problem().isPresent() ? "at least " : "")
        + transactions()
        + " of "
        + member()
        + rows()
        + " are not in "
        + primary()
        + kept()
        + uncertain()
        + acknowledged()
        + problem().map(why -> "; not all could be counted, because " + why).orElse("");
  }

  private String transactions() {
    long lost = number(LossFacts.TRANSACTIONS);
    String text = lost + (lost == 1 ? " transaction" : " transactions");
    long inner = number(LossFacts.SYSTEM);
    long prepared = number(LossFacts.PREPARED);
    return text
        + (inner == 0 ? "" : ", " + inner + " of system catalogs alone")
        + (prepared == 0 ? "" : ", " + prepared + " prepared");
  }

  private String rows() {
    List<String> parts = new ArrayList<>();
    List<Table> tables = tables();
    for (Table table : tables.subList(0, Math.min(TOLD, tables.size()))) {
      RowCounts counts = table.counts();
      String rows = counts.rows() + (counts.rows() == 1 ? " row in " : " rows in ") + table.name();
      parts.add(
          counts.rows() == 0
              ? table.name() + " truncated"
              : counts.truncated() == 0 ? rows : rows + ", which was truncated");
    }
    long more = tables.size() - parts.size() + number(LossFacts.MORE);
    if (more > 0) {
      parts.add(more + " more relations");
    }
    return parts.isEmpty() ? "" : " (" + String.join("; ", parts) + ")";
  }

  private String kept() {
    return facts.find(LossFacts.FOLDER).map(folder -> ": kept in " + folder).orElse("");
  }

  private String uncertain() {
    long many = number(LossFacts.UNCERTAIN);
    return many == 0 ? "" : "; " + many + " of them may have written more rows before";
  }

  /** Only what the ledger proves is said: the log does not tell who was told of a commit. */
  private String acknowledged() {
    return facts.get(LossFacts.QUORUM, "").equals("true")
        ? "; nobody who waited for the quorum was told that they were committed"
        : "; whether their clients were told that they were committed, the log does not say";
  }
}
