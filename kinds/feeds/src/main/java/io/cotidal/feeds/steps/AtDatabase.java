package io.cotidal.feeds.steps;

import io.cotidal.feeds.job.Blob;
import io.cotidal.feeds.job.Body;
import io.cotidal.feeds.job.Sort;
import io.cotidal.feeds.job.Subject;
import io.cotidal.feeds.job.Thing;
import io.cotidal.feeds.plan.Acts;
import io.cotidal.feeds.table.Shown;
import io.cotidal.feeds.table.Stage;
import io.cotidal.feeds.table.Staged;
import io.cotidal.feeds.table.Swapped;
import io.cotidal.feeds.table.TableException;
import io.cotidal.feeds.table.Tables;
import io.cotidal.feeds.table.Target;
import io.cotidal.feeds.transfer.Cache;
import io.cotidal.feeds.transfer.TransferException;
import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.remote.ActFailed;
import io.cotidal.remote.Deadline;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Acts on the database of published tables. */
final class AtDatabase {
  private final Tables tables;
  private final Cache cache;
  private final Publications publications;
  private final AtRoles roles;
  private final ByDelta deltas;

  AtDatabase(Tables tables, Cache cache, Publications publications, AtRoles roles) {
    this.roles = roles;
    this.tables = tables;
    this.cache = cache;
    this.publications = publications;
    this.deltas = new ByDelta(tables, cache);
  }

  /** An act with what the room of tables throws. */
  private interface Work {
    Details on(Act.Turn turn) throws ActFailed, TableException, InterruptedException;
  }

  /** A look with what the room of tables throws. */
  private interface Question {
    boolean holds(Act.Turn turn) throws ActFailed, TableException, InterruptedException;
  }

  private static Act act(Work work, Question question) {
    return act(work, question, () -> Details.NONE);
  }

  /**
   * An act.
   *
   * @param found what is known of it if a look finds it done
   */
  private static Act act(Work work, Question question, Supplier<Details> found) {
    return new Act() {
      @Override
      public Details act(Turn turn) throws ActFailed, InterruptedException {
        try {
          return work.on(turn);
        } catch (TableException e) {
          throw e.kind() == TableException.Kind.UNREACHABLE
              ? ActFailed.unknown(e)
              : ActFailed.because(e);
        }
      }

      @Override
      public Inspection inspect(Turn turn) throws ActFailed, InterruptedException {
        try {
          return question.holds(turn)
              ? new Inspection.Applied(found.get())
              : new Inspection.NotApplied("the database shows no effect");
        } catch (TableException e) {
          return new Inspection.Unknown(ActFailed.line(e));
        }
      }
    };
  }

  /** The table that a step names: whatever the repository says by now, it is about that one. */
  private Target target(Act.Turn turn) throws ActFailed, TableException, InterruptedException {
    String named = turn.need(Acts.TARGET);
    return known(named, turn.deadline())
        .orElseThrow(() -> new ActFailed(named + ": no such table was published here"));
  }

  /** The table of a job that was planned, published or not. */
  private static Target planned(Act.Turn turn, Thing.Wish.Publish wish) throws ActFailed {
    if (wish.body() instanceof Body.Layer layer) {
      return new Target(layer.schemas(), turn.subject().name());
    }
    throw new ActFailed(turn.subject() + " has no table");
  }

  /** The table that is called so, among those that were published here. */
  private Optional<Target> known(String named, Deadline deadline)
      throws TableException, InterruptedException {
    Shown shown = tables.served(deadline);
    return Stream.concat(
            shown.served().stream().map(Shown.Served::target),
            Stream.concat(
                shown.kept().stream().map(Shown.Kept::target),
                shown.leftovers().stream().map(Shown.Leftover::target)))
        .filter(target -> target.toString().equals(named))
        .findFirst();
  }

  /** Makes schemas and grants of a workspace, those of a layer's, or roles. */
  Act preparing() {
    return act(
        turn -> {
          Thing.Wish.Publish wish = AtRepository.wish(publications, turn);
          if (wish.body() instanceof Body.Workspace workspace) {
            return Details.of(Acts.CHANGED, roles.workspace(workspace, turn.deadline()).changed());
          }
          if (wish.body() instanceof Body.Roles body) {
            return roles.roles(body, turn.deadline());
          }
          if (wish.body() instanceof Body.Layer layer) {
            Body.Workspace workspace = workspace(turn.subject(), layer);
            return Details.of(Acts.CHANGED, roles.workspace(workspace, turn.deadline()).changed());
          }
          throw new ActFailed(turn.subject() + " has no schema");
        },
        _ -> false);
  }

  /** Makes a generation that nobody reads, of a dump or of another generation. */
  Act staging() {
    return act(
        turn -> {
          Thing.Wish.Publish wish = AtRepository.wish(publications, turn);
          Target target = planned(turn, wish);
          if (wish.body() instanceof Body.Layer layer) {
            roles.workspace(workspace(turn.subject(), layer), turn.deadline());
          }
          Staged staged =
              turn.step().arguments().has(Acts.DELTAS)
                  ? deltas.stage(turn, wish, target)
                  : tables.stage(
                      new Stage(target, dump(wish), turn.need(Acts.GENERATION), wish.data()),
                      turn.deadline());
          return Details.of(Acts.ROWS, staged.rows()).with(Acts.BYTES, staged.bytes());
        },
        turn -> staged(turn.need(Acts.TARGET), turn.need(Acts.GENERATION), turn.deadline()));
  }

  private boolean staged(String target, String generation, Deadline deadline)
      throws TableException, InterruptedException {
    Shown shown = tables.served(deadline);
    return shown.leftovers().stream()
            .anyMatch(each ->
                each.target().toString().equals(target)
                    && each.generation().equals(generation)
                    && each.complete())
        || shown.kept().stream()
            .anyMatch(each ->
                each.target().toString().equals(target) && each.generation().equals(generation));
  }

  /** The workspace's own job says who may read; without one, the layer's does. */
  private Body.Workspace workspace(Subject subject, Body.Layer layer) {
    Subject workspace = new Subject(Sort.WORKSPACE, subject.workspace(), "");
    return publications
        .body(workspace)
        .filter(Body.Workspace.class::isInstance)
        .map(Body.Workspace.class::cast)
        .orElseGet(() -> new Body.Workspace(layer.schemas(), layer.access(), true, true));
  }

  private Path dump(Thing.Wish.Publish wish) throws ActFailed, InterruptedException {
    Optional<Blob> blob = wish.body() instanceof Body.Layer layer ? layer.data() : Optional.empty();
    if (blob.isEmpty()) {
      throw new ActFailed("the job names no data");
    }
    try {
      return cache
          .find(blob.get())
          .orElseThrow(() -> new ActFailed(blob.get() + " is not in the cache any more"));
    } catch (TransferException e) {
      throw ActFailed.because(e);
    }
  }

  /** Lets the view read another generation. */
  Act swapping() {
    return act(
        turn -> {
          Target target = target(turn);
          Swapped swapped = tables.swap(target, turn.need(Acts.GENERATION), turn.deadline());
          // A try before this one may have ended between the view and its grants.
          boolean fresh = swapped.made() || !swapped.changed();
          Details evidence =
              Details.of(Acts.PREVIOUS, swapped.previous().orElse(""))
                  .with(Acts.UNGRANTED, fresh ? roles.table(target, turn.deadline()) : "");
          return swapped.warnings().isEmpty()
              ? evidence
              : evidence.with(Acts.MESSAGE, String.join("; ", swapped.warnings()));
        },
        this::serves,
        () -> Details.of(Acts.UNGRANTED, roles.unknown()));
  }

  private boolean serves(Act.Turn turn) throws ActFailed, TableException, InterruptedException {
    String target = turn.need(Acts.TARGET);
    String generation = turn.need(Acts.GENERATION);
    return tables.served(turn.deadline()).served().stream()
        .anyMatch(served ->
            served.target().toString().equals(target)
                && served.drift() == Shown.Drift.NONE
                && served.generation().equals(generation));
  }

  /** Takes view and table away. */
  Act dropping() {
    return act(
        turn -> {
          Optional<Target> target = known(turn.need(Acts.TARGET), turn.deadline());
          if (target.isPresent()) {
            tables.withdraw(target.get(), turn.deadline());
          }
          return Details.NONE;
        },
        turn -> known(turn.need(Acts.TARGET), turn.deadline()).isEmpty());
  }

  /** Drops generations that nobody reads. */
  Act trimming() {
    return act(
        turn -> {
          int dropped = 0;
          for (String each : turn.need(Acts.TABLES).split(" ")) {
            int slash = each.lastIndexOf('/');
            Optional<Target> target =
                slash < 0 ? Optional.empty() : known(each.substring(0, slash), turn.deadline());
            if (target.isPresent()) {
              tables.drop(target.get(), each.substring(slash + 1), turn.deadline());
              dropped++;
            }
          }
          return Details.of(Acts.WRITES, dropped);
        },
        _ -> false);
  }
}
