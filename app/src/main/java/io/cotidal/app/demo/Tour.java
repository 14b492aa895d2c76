package io.cotidal.app.demo;

import io.cotidal.lab.Prober;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code cot demo tour}: everything once, unattended, measured. */
final class Tour {
  /** Fenced by quorum alone, so that there is a frozen primary left to thaw. */
  private static final String FENCE = "quorum";

  private static final Logger log = LoggerFactory.getLogger(Tour.class);

  private final Screen screen;
  private final Stop stop;
  private final List<Measured> measured = new ArrayList<>();

  Tour(Screen screen, Stop stop) {
    this.screen = screen;
    this.stop = stop;
  }

  /**
   * Runs it.
   *
   * @return whether nothing was lost and nobody wrote beside the primary
   */
  boolean run(Site place) throws DemoProblem, IOException {
    long begin = System.nanoTime();
    try (Rig rig = Rig.start(place, FENCE, stop)) {
      LiveDemo.tellSwept(screen, rig);
      screen.tell("Making three PostgreSQL members in " + rig.cluster().folder() + ".");
      rig.create();
      try {
        screen.tell(
            "Three members run after %s: %s is primary, the others stream from it. %s"
                .formatted(seconds(begin), rig.shown().primary().orElse("nobody"), guarantee(rig)));
        screen.tell("The page: " + rig.link());
        strikes(rig);
      } catch (DemoProblem | IOException | SQLException e) {
        screen.tell("The tour ends here: " + e.getMessage());
        rig.shown().story().forEach(line -> log.warn("event=story line=\"{}\"", line));
        screen.say(TourResult.of(measured, false).json());
        return false;
      }
    }
    screen.tell("Everything is stopped and removed; the tour took " + seconds(begin) + ".");
    TourResult result = TourResult.of(measured, true);
    screen.say(result.json());
    return result.ok();
  }

  private void strikes(Rig rig) throws DemoProblem, IOException, SQLException {
    try (Prober prober = Prober.start(rig.cluster().members(), rig.cluster().login(), 1)) {
      screen.tell("A prober inserts a row into each member every 10 ms and counts who says yes.");
      Episode episode = new Episode(rig, prober);
      screen.tell("Switchover: the primary is asked to change places with a replica.");
      tell(episode.run(Strike.SWITCHOVER, Thaw.NEVER));
      screen.tell("Crash: every process of the primary is killed with SIGKILL.");
      tell(episode.run(Strike.CRASH, Thaw.NEVER));
      screen.tell(
          "Frozen primary: every process of it is stopped; it accepts connections, answers nothing.");
      tell(episode.run(Strike.FREEZE, Thaw.WATCHED));
      lastLook(rig, prober);
    }
  }

  private void tell(Measured done) {
    measured.add(done);
    screen.tell(
        "  %s was primary, %s is. Longest time without an acknowledged insert: %d ms (%s)."
            .formatted(done.loser(), done.winner(), done.gap().toMillis(), phases(done)));
    if (done.strike() == Strike.FREEZE) {
      screen.tell(
          "  %s was thawed and watched for 3 s: it acknowledged %d inserts."
              .formatted(done.loser(), done.afterThaw()));
    }
    screen.tell(
        "  %s is a replica again; the cluster was whole after %.1f s. Lost rows: %d. Written beside the new primary: %d."
            .formatted(done.loser(), done.whole().toMillis() / 1000.0, done.lost(), done.dual()));
  }

  /** Rows of every part of the tour once more, on the member that is primary now. */
  private void lastLook(Rig rig, Prober prober) throws DemoProblem, SQLException {
    Optional<String> primary = rig.shown().primary();
    if (primary.isEmpty()) {
      throw new DemoProblem("there is no primary at the end");
    }
    var all = prober.acknowledgements();
    long lost = all.lost(prober.present(primary.get(), 0));
    screen.tell(
        "At the end %s has all but %d of the %d acknowledged rows."
            .formatted(primary.get(), lost, all.inOrder().size()));
    measured.add(measured.removeLast().withLost(lost));
  }

  private static String guarantee(Rig rig) {
    String guarantee = rig.shown().view().guarantee();
    return guarantee.isEmpty() ? "" : "The guarantee: " + guarantee + ".";
  }

  private static String phases(Measured done) {
    List<String> parts = new ArrayList<>();
    done.phases().forEach((phase, millis) -> parts.add(phase + " " + millis));
    return parts.isEmpty() ? "no record" : String.join(", ", parts);
  }

  private static String seconds(long since) {
    return "%.1f s".formatted(Duration.ofNanos(System.nanoTime() - since).toMillis() / 1000.0);
  }
}
