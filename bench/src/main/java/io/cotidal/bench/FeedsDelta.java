package io.cotidal.bench;

import io.cotidal.bench.Line.Bar;
import io.cotidal.bench.Line.Held;
import io.cotidal.feeds.delta.DeltaChain;
import io.cotidal.feeds.delta.DeltaException;
import io.cotidal.feeds.delta.DeltaLimits;
import io.cotidal.feeds.delta.Packed;
import io.cotidal.feeds.delta.Packing;
import io.cotidal.feeds.table.Fill;
import io.cotidal.feeds.table.Successor;
import io.cotidal.feeds.table.TableException;
import io.cotidal.lab.PostgisServer;
import io.cotidal.pgclient.Login;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * One row of a hundred changes at the master, spread over the table, between each publication and
 * the next: by deltas, beside our own full publication of the same state. Each way ends when
 * readers see the new rows; four of them read throughout.
 *
 * <p>By deltas is measured as replicas do it whose every publication is a delta. They bring forward
 * the oldest generation that is kept, in one transaction with the check of the whole table. With
 * {@code keep: 2}, the default, that one is three publications behind, so that three deltas are
 * applied at once, to three rows of a hundred: that is held against the bar. With {@code keep: 1}
 * two are applied. What is served is copied, with one delta, by replicas that keep nothing yet.
 */
final class FeedsDelta implements FeedsCell {
  private static final String FULL = "full publication, ours";
  private static final String TITLE = "1 % of rows by delta, ";
  private static final Duration PATIENCE = Duration.ofMinutes(30);

  private final FeedsBench.Effort effort;
  private final PrintStream progress;
  private final Line whole =
      new Line(TITLE + "whole table checked", "ms", new Bar(Held.RATIO, 0.15));
  private final Line one = new Line(TITLE + "one generation kept", "ms", Bar.NONE);
  private final Line copied = new Line(TITLE + "upon a copy", "ms", Bar.NONE);
  private final Line bytes = new Line(TITLE + "bytes", "kB", new Bar(Held.RATIO, 0.03));
  private final Line errors = new Line("readers' errors during deltas", "", new Bar(Held.ZERO, 0));

  private final Keeping two = new Keeping("two", 2, whole, new ArrayDeque<>());
  private final List<Keeping> keepings =
      List.of(two, new Keeping("one", 1, one, new ArrayDeque<>()));
  private final List<Path> deltas = new ArrayList<>();

  /**
   * Generations that a replica has.
   *
   * @param word that their names begin with
   * @param keep how many it keeps beside the one that is served
   * @param generations the oldest first
   */
  private record Keeping(String word, int keep, Line line, Deque<String> generations) {}

  /** One of the ways that readers come to see a state. */
  private interface Way {
    void go() throws BenchProblem;
  }

  FeedsDelta(FeedsBench.Effort effort, PrintStream progress) {
    this.effort = effort;
    this.progress = progress;
  }

  @Override
  public List<Line> run(int rounds) throws BenchProblem, IOException, SQLException {
    try (FeedsGround ground = FeedsGround.withParcels(effort.rows());
        PgSession source = source(ground)) {
      int state = begin(ground, source);
      for (int round = 1; round <= rounds; round++) {
        round(ground, source, state + round);
        progress.printf(
            "%3d/%d  delta %6.1f s, one kept %6.1f s, copy %6.1f s, full %6.1f s, %.2f of %.1f MB%n",
            round,
            rounds,
            whole.values().getLast() / 1e6,
            one.values().getLast() / 1e6,
            copied.values().getLast() / 1e6,
            whole.others().getOrDefault(FULL, List.of(0L)).getLast() / 1e6,
            bytes.values().getLast() / 1e6,
            bytes.others().getOrDefault("dump", List.of(0L)).getLast() / 1e6);
      }
    } catch (PgException | DeltaException e) {
      throw new BenchProblem(String.valueOf(e.getMessage()), e);
    }
    return List.of(whole, one, copied, bytes, errors);
  }

  private static PgSession source(FeedsGround ground) throws PgException {
    PostgisServer server = ground.postgis();
    return PgSession.open(
        new Login(
            "127.0.0.1",
            server.port(),
            FeedsGround.MASTER,
            PostgisServer.ADMINISTRATOR,
            server.password(),
            "bench"),
        PATIENCE);
  }

  /**
   * Publishes until as many generations are there as are kept, and serves the newest; its state.
   */
  private int begin(FeedsGround ground, PgSession source)
      throws BenchProblem, IOException, SQLException, PgException, DeltaException {
    int last = keepings.stream().mapToInt(Keeping::keep).max().orElse(0);
    for (int state = 0; state <= last; state++) {
      if (state > 0) {
        change(ground, state);
      }
      if (pack(ground, source, state) instanceof Packed.Changed packed) {
        deltas.add(packed.delta());
      }
      Path dump = ground.dump("parcels", 1);
      for (Keeping each : keepings) {
        if (state >= last - each.keep()) {
          ground.stage(dump, each.word() + state);
          each.generations().addLast(each.word() + state);
        }
      }
    }
    ground.swap(two.generations().getLast());
    return last;
  }

  private static void change(FeedsGround ground, int state) throws SQLException {
    ground.execute(
        FeedsGround.MASTER,
        """
        UPDATE sites_data.parcels SET val = val + 1, geom = ST_Translate(geom, 0.00001, 0)
        WHERE id %% 100 = %d
        """
            .formatted(state % 100));
  }

  private static Packed pack(FeedsGround ground, PgSession source, int state)
      throws PgException, DeltaException {
    return new Packing(source, ground.folder().resolve("states"), ground.deadline())
        .pack("sites_data", "parcels", ground.folder().resolve("parcels" + state + ".delta"));
  }

  private void round(FeedsGround ground, PgSession source, int state)
      throws BenchProblem, IOException, SQLException, PgException, DeltaException {
    change(ground, state);
    long begun = System.nanoTime();
    if (!(pack(ground, source, state) instanceof Packed.Changed packed)) {
      throw new BenchProblem("rows changed, and there is no delta");
    }
    whole.part("before: pack at the source", (System.nanoTime() - begun) / 1_000);
    deltas.add(packed.delta());
    Path dump = ground.dump("parcels", 1);
    bytes.values().add(packed.bytes());
    bytes.other("dump", Files.size(dump));
    String served = two.generations().getLast();
    List<Way> ways = new ArrayList<>();
    keepings.forEach(each -> ways.add(() -> forward(ground, each, state)));
    ways.add(() -> copy(ground, served, state));
    ways.add(() -> full(ground, dump, state));
    FeedsReaders readers = FeedsReaders.start(ground, FeedsGround.REPLICA);
    try {
      for (Way way : state % 2 == 1 ? ways : ways.reversed()) {
        // Each finds what was served before, and nothing that waits to be written.
        ground.swap(served);
        ground.settle();
        way.go();
      }
      ground.swap(two.generations().getLast());
    } finally {
      errors.values().add(readers.stop().errors().size() * 1_000L);
    }
    for (String each : List.of("copy" + state, "full" + state)) {
      ground.micros(at -> at.drop(FeedsGround.PARCELS, each, ground.deadline()));
    }
  }

  /** The oldest of those that are kept becomes the new one, by as many deltas as it is behind. */
  private void forward(FeedsGround ground, Keeping kept, int state) throws BenchProblem {
    String from = kept.generations().removeFirst();
    String to = kept.word() + state;
    List<Path> files = deltas.subList(deltas.size() - kept.keep() - 1, deltas.size());
    long staged =
        ground.micros(
            at -> at.advance(successor(from, to), change(files, false), ground.deadline()));
    kept.generations().addLast(to);
    swapped(ground, kept.line(), staged, to);
  }

  /** What is served stays, and is copied with what changed. */
  private void copy(FeedsGround ground, String served, int state) throws BenchProblem {
    String to = "copy" + state;
    List<Path> files = deltas.subList(deltas.size() - 1, deltas.size());
    long staged =
        ground.micros(
            at -> at.stageFrom(successor(served, to), change(files, true), ground.deadline()));
    swapped(ground, copied, staged, to);
  }

  private void full(FeedsGround ground, Path dump, int state) throws BenchProblem {
    long micros = ground.stage(dump, "full" + state) + ground.swap("full" + state);
    List.of(whole, one, copied).forEach(each -> each.other(FULL, micros));
  }

  private static void swapped(FeedsGround ground, Line line, long staged, String generation)
      throws BenchProblem {
    long swapped = ground.swap(generation);
    line.values().add(staged + swapped);
    line.part("1 stage", staged);
    line.part("2 swap", swapped);
  }

  private static Successor successor(String from, String to) {
    return new Successor(FeedsGround.PARCELS, from, to, "of " + to);
  }

  /** What deltas say, in place or beside the old table; the whole of it is checked. */
  private static Fill change(List<Path> files, boolean beside) {
    return filling -> {
      String fresh = filling.tables().fresh();
      try (DeltaChain chain = DeltaChain.open(files, DeltaLimits.USUAL)) {
        filling.directly((session, deadline) -> {
          DeltaChain.Where where =
              new DeltaChain.Where(session, deadline, filling.tables().schema());
          if (beside) {
            chain.beside(where, filling.tables().old(), fresh);
          } else {
            chain.inPlace(where, fresh);
          }
        });
        filling.holds(chain.target().rows());
      } catch (DeltaException e) {
        throw new TableException(TableException.Kind.REJECTED, e.line());
      }
    };
  }
}
