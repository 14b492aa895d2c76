package io.cotidal.postgres.plan;

import io.cotidal.engine.Remarks;
import io.cotidal.engine.Remarks.Remark;
import io.cotidal.engine.State;
import io.cotidal.model.Details;
import io.cotidal.model.Report;
import io.cotidal.model.Report.Line;
import io.cotidal.model.Report.Verdict;
import io.cotidal.model.Severity;
import io.cotidal.postgres.losses.Loss;
import io.cotidal.postgres.losses.LossList;
import io.cotidal.postgres.observe.PgFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What old primaries had that their successors have not, as people are told of it. */
final class LossBoard {
  /** Event: transactions are lost. */
  static final String LOST = "transactions-lost";

  /** Event: an old primary had nothing that its successor has not. */
  static final String NOTHING = "nothing-lost";

  /** Event: nobody knows whether anything is lost, or not how much. */
  static final String UNKNOWN = "loss-unknown";

  /** Memory: the number of the latest operation whose find was told. */
  private static final String TOLD = "losses told";

  private final List<Loss> losses;

  LossBoard(State<PgFacts> state) {
    this.losses = LossList.of(state.ledger()).losses();
  }

  /** The memory of whoever else has something to say. */
  static Details without(Details memory) {
    return memory.without(TOLD);
  }

  /**
   * What is to be said beside {@code others}: each find once. What was found before anybody could
   * remember it was said by whoever led then.
   */
  Remarks remark(Details before, Remarks others) {
    long newest = losses.isEmpty() ? 0 : losses.getLast().operation();
    long told = Long.parseLong(before.get(TOLD, Long.toString(newest)));
    List<Remark> said = new ArrayList<>(others.said());
    losses.stream()
        .filter(loss -> loss.operation() > told)
        .map(LossBoard::remark)
        .forEach(said::add);
    return new Remarks(others.memory().with(TOLD, Math.max(newest, told)), said);
  }

  private static Remark remark(Loss loss) {
    if (loss.problem().isPresent()) {
      return new Remark(Severity.WARNING, UNKNOWN, loss.sentence(), loss.facts());
    }
    return loss.nothing()
        ? new Remark(Severity.INFO, NOTHING, loss.sentence(), loss.facts())
        : new Remark(Severity.WARNING, LOST, loss.sentence(), loss.facts());
  }

  /**
   * All of them, the newest first, or one table by table.
   *
   * @param of the name of one; empty for all
   * @throws IllegalArgumentException with one line if there is none of that name
   */
  Report report(String of) {
    if (of.isEmpty()) {
      return new Report(
          losses.isEmpty()
              ? "no old primary has been taken back yet"
              : losses.size()
                  + " old primaries taken back; the newest: "
                  + losses.getLast().sentence(),
          losses.reversed().stream().map(LossBoard::line).toList());
    }
    Loss loss =
        losses.stream()
            .filter(each -> each.id().equals(of))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException(unknown(of)));
    List<Line> lines = new ArrayList<>(List.of(line(loss)));
    for (Loss.Table table : loss.tables()) {
      lines.add(
          new Line(table.name(), Verdict.NO, table.counts().toString())
              .with(
                  Details.of("inserted", table.counts().inserted())
                      .with("updated", table.counts().updated())
                      .with("deleted", table.counts().deleted())
                      .with("truncated", table.counts().truncated())));
    }
    return new Report(loss.sentence(), lines);
  }

  private String unknown(String of) {
    return losses.isEmpty()
        ? "no '" + of + "': no old primary has been taken back yet"
        : "no '"
            + of
            + "': choose one of "
            + losses.stream().map(Loss::id).collect(Collectors.joining(", "));
  }

  private static Line line(Loss loss) {
    Verdict verdict =
        loss.problem().isPresent() ? Verdict.UNKNOWN : loss.nothing() ? Verdict.YES : Verdict.NO;
    return new Line(loss.id(), verdict, loss.sentence()).with(loss.facts());
  }
}
