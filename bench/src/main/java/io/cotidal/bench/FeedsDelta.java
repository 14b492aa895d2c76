package io.cotidal.bench;

import io.cotidal.bench.Line.Bar;
import io.cotidal.bench.Line.Held;
import io.cotidal.feeds.delta.DeltaApply;
import io.cotidal.feeds.delta.DeltaException;
import io.cotidal.feeds.delta.DeltaLimits;
import io.cotidal.feeds.delta.DeltaPlace;
import io.cotidal.feeds.delta.DeltaReader;
import io.cotidal.feeds.delta.Packed;
import io.cotidal.feeds.delta.Packing;
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
import java.util.List;

/**
 * One row of a hundred changes at the master, spread over the table: a delta, proven by the whole
 * table's sum, beside our own full publication of the same state. Four readers read throughout.
 */
final class FeedsDelta implements FeedsCell {
  private static final String FULL = "full publication, ours";
  private static final Duration PATIENCE = Duration.ofMinutes(30);

  private final FeedsBench.Effort effort;
  private final PrintStream progress;
  private final Line whole =
      new Line("1 % of rows by delta, whole table checked", "ms", new Bar(Held.RATIO, 0.15));
  private final Line touched =
      new Line("1 % of rows by delta, touched rows checked", "ms", Bar.NONE);
  private final Line bytes =
      new Line("1 % of rows by delta, bytes", "kB", new Bar(Held.RATIO, 0.03));
  private final Line errors = new Line("readers' errors during deltas", "", new Bar(Held.ZERO, 0));

  FeedsDelta(FeedsBench.Effort effort, PrintStream progress) {
    this.effort = effort;
    this.progress = progress;
  }

  @Override
  public List<Line> run(int rounds) throws BenchProblem, IOException, SQLException {
    try (FeedsGround ground = FeedsGround.withParcels(effort.rows());
        PgSession source = session(ground, FeedsGround.MASTER);
        PgSession replica = session(ground, FeedsGround.REPLICA)) {
      pack(ground, source);
      Path first = ground.dump("parcels", 1);
      ground.stage(first, "g0");
      ground.swap("g0");
      for (int round = 1; round <= rounds; round++) {
        round(ground, source, replica, round);
        progress.printf(
            "%3d/%d  delta %6.1f s, touched %6.1f s, full %6.1f s, %.2f of %.1f MB%n",
            round,
            rounds,
            whole.values().getLast() / 1e6,
            touched.values().getLast() / 1e6,
            whole.others().getOrDefault(FULL, List.of(0L)).getLast() / 1e6,
            bytes.values().getLast() / 1e6,
            bytes.others().getOrDefault("dump", List.of(0L)).getLast() / 1e6);
      }
    } catch (PgException | DeltaException e) {
      throw new BenchProblem(String.valueOf(e.getMessage()), e);
    }
    return List.of(whole, touched, bytes, errors);
  }

  private static PgSession session(FeedsGround ground, String database) throws PgException {
    PostgisServer server = ground.postgis();
    return PgSession.open(
        new Login(
            "127.0.0.1",
            server.port(),
            database,
            PostgisServer.ADMINISTRATOR,
            server.password(),
            "bench"),
        PATIENCE);
  }

  private static Packed pack(FeedsGround ground, PgSession source)
      throws PgException, DeltaException, IOException {
    Path delta = ground.folder().resolve("parcels.delta");
    Files.deleteIfExists(delta);
    return new Packing(source, ground.folder().resolve("states"), ground.deadline())
        .pack("sites_data", "parcels", delta);
  }

  private void round(FeedsGround ground, PgSession source, PgSession replica, int round)
      throws BenchProblem, IOException, SQLException, PgException, DeltaException {
    ground.execute(
        FeedsGround.MASTER,
        """
        UPDATE sites_data.parcels SET val = val + 1, geom = ST_Translate(geom, 0.00001, 0)
        WHERE id %% 100 = %d
        """
            .formatted(round % 100));
    long begun = System.nanoTime();
    if (!(pack(ground, source) instanceof Packed.Changed packed)) {
      throw new BenchProblem("rows changed, and there is no delta");
    }
    whole.part("before: pack at the source", (System.nanoTime() - begun) / 1_000);
    Path dump = ground.dump("parcels", 1);
    bytes.values().add(packed.bytes());
    bytes.other("dump", Files.size(dump));
    FeedsReaders readers = FeedsReaders.start(ground, FeedsGround.REPLICA);
    try {
      if (round % 2 == 1) {
        deltas(ground, replica, packed.delta(), round);
        full(ground, dump, round);
      } else {
        // What is staged first is what the delta brings, under a name that nobody reads yet.
        long staged = staged(ground, dump, round);
        deltas(ground, replica, packed.delta(), round);
        whole.other(FULL, staged + ground.swap("g" + round));
      }
    } finally {
      errors.values().add(readers.stop().errors().size() * 1_000L);
    }
    ground.trim(0);
  }

  private static long staged(FeedsGround ground, Path dump, int round)
      throws BenchProblem, SQLException {
    ground.settle();
    return ground.stage(dump, "g" + round);
  }

  private void full(FeedsGround ground, Path dump, int round) throws BenchProblem, SQLException {
    long staged = staged(ground, dump, round);
    whole.other(FULL, staged + ground.swap("g" + round));
  }

  /** Changes the generation that is served, the one of the round before. */
  private void deltas(FeedsGround ground, PgSession replica, Path delta, int round)
      throws SQLException, PgException, DeltaException {
    DeltaPlace place = new DeltaPlace("sites_data", "parcels__g" + (round - 1), "parcels__undo");
    DeltaApply applier = new DeltaApply(replica, Duration.ofSeconds(5), ground.deadline());
    ground.settle();
    whole.values().add(applied(applier, place, delta, DeltaApply.Check.WHOLE));
    long begun = System.nanoTime();
    applier.rollBack(place, DeltaApply.Check.TOUCHED);
    touched.part("between: rolled back", (System.nanoTime() - begun) / 1_000);
    touched.values().add(applied(applier, place, delta, DeltaApply.Check.TOUCHED));
    applier.forget(place);
  }

  private static long applied(
      DeltaApply applier, DeltaPlace place, Path delta, DeltaApply.Check check)
      throws PgException, DeltaException {
    long begun = System.nanoTime();
    try (DeltaReader reader = DeltaReader.open(delta, DeltaLimits.USUAL)) {
      applier.apply(place, reader, check);
    }
    return (System.nanoTime() - begun) / 1_000;
  }
}
