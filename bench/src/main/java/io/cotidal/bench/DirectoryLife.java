package io.cotidal.bench;

import io.cotidal.model.Details;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What happens to a mesh that stands, whoever made it. Times are in microseconds. */
final class DirectoryLife {
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final Duration LOOK = Duration.ofMillis(2);
  private static final Duration BETWEEN_WRITES = Duration.ofMillis(500);
  private static final Duration DOWN = Duration.ofSeconds(10);

  /** Sessions of replication that were under way have ended by then. */
  private static final Duration QUIET = Duration.ofSeconds(5);

  private final DirectorySet set;

  DirectoryLife(DirectorySet set) {
    this.set = set;
  }

  /** From sending a write until every other server shows it; the servers take turns. */
  List<Long> writes(int count) throws BenchProblem, IOException {
    List<Long> micros = new ArrayList<>();
    List<DirectoryNode> nodes = set.nodes();
    for (int i = 0; i < count; i++) {
      DirectoryNode writer = nodes.get(i % nodes.size());
      List<DirectoryNode> others = nodes.stream().filter(node -> node != writer).toList();
      String unit = set.fresh();
      long begun = System.nanoTime();
      writer.write(unit);
      set.awaitSeen(unit, others);
      micros.add((System.nanoTime() - begun) / 1_000);
      Until.pass(BETWEEN_WRITES);
    }
    return micros;
  }

  /** For each server the thousandths of an operation that it was asked for in a period. */
  List<Long> idle(int periods) throws BenchProblem {
    Until.pass(QUIET);
    List<Long> before = counts();
    Until.pass(DirectoryHouse.TICK.multipliedBy(periods));
    List<Long> after = counts();
    List<Long> each = new ArrayList<>();
    for (int i = 0; i < before.size(); i++) {
      // The second reading counts itself.
      each.add((after.get(i) - before.get(i) - 1) * 1_000 / periods);
    }
    return each;
  }

  private List<Long> counts() throws BenchProblem {
    List<Long> counts = new ArrayList<>();
    for (DirectoryNode node : set.nodes()) {
      counts.add(node.operations());
    }
    return counts;
  }

  /**
   * From the first login that a server answers, which was killed and lay for ten seconds, until it
   * shows what was written meanwhile.
   */
  long recovery() throws BenchProblem, IOException {
    DirectoryNode killed = set.nodes().get(1);
    String missed = set.fresh();
    killed.kill();
    long down = System.nanoTime();
    set.first().write(missed);
    set.awaitSeen(missed, set.nodes().stream().filter(node -> node != killed).toList());
    Until.pass(DOWN.minusNanos(System.nanoTime() - down));
    try (ExecutorService starter = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> started =
          starter.submit(() -> {
            killed.server().start();
            return killed;
          });
      Until.holds(killed.name() + " answers", PATIENCE, LOOK, killed::answers);
      long answers = System.nanoTime();
      Until.holds(
          killed.name() + " shows what it missed", PATIENCE, LOOK, () -> killed.shows(missed));
      long caughtUp = System.nanoTime();
      Object _ = started.get();
      return (caughtUp - answers) / 1_000;
    } catch (ExecutionException e) {
      throw new BenchProblem(killed.name() + " does not start: " + e.getCause(), e);
    } catch (InterruptedException e) {
      throw new BenchProblem("ended before it was done, as asked", e);
    }
  }

  /**
   * From asking that a live server, which the source names no more, be let go of, until no other
   * has an agreement to it or its replica id in its vector.
   */
  long removal(DirectoryHouse house) throws BenchProblem, IOException {
    List<DirectoryNode> nodes = set.nodes();
    DirectoryNode gone = nodes.getLast();
    List<DirectoryNode> others = nodes.subList(0, nodes.size() - 1);
    int id = gone.id();
    for (DirectoryNode node : others) {
      if (!node.vector().contains(id) || node.agreements(gone) == 0) {
        throw new BenchProblem(node.name() + " never knew " + gone.name());
      }
    }
    house.name(others);
    house.awaitDeparted(gone);
    long begun = System.nanoTime();
    Operation removal = house.ask("remove", Details.of("member", gone.name()));
    Until.holds(
        "nobody knows " + gone.name() + " any more",
        PATIENCE,
        LOOK,
        () -> {
          for (DirectoryNode node : others) {
            if (node.agreements(gone) > 0 || node.vector().contains(id)) {
              return false;
            }
          }
          return true;
        });
    long micros = (System.nanoTime() - begun) / 1_000;
    Operation ended = house.ended(removal);
    if (ended.state() != OperationState.DONE) {
      throw new BenchProblem("the removal ended as " + ended.state() + ": " + ended.note());
    }
    return micros;
  }
}
