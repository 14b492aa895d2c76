package io.cotidal.postgres.steps;

import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.model.MemberId;
import io.cotidal.pgclient.PgException;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.archive.ArchiveScript;
import io.cotidal.postgres.losses.Divergence;
import io.cotidal.postgres.losses.History;
import io.cotidal.postgres.losses.LossFacts;
import io.cotidal.postgres.losses.LossSummary;
import io.cotidal.postgres.losses.Name;
import io.cotidal.postgres.losses.TailScript;
import io.cotidal.postgres.losses.Tally;
import io.cotidal.postgres.observe.ControlFile;
import io.cotidal.postgres.observe.Node;
import io.cotidal.postgres.reach.OutOfReach;
import io.cotidal.postgres.reach.Tool;
import io.cotidal.postgres.spec.LossKeeping;
import io.cotidal.remote.LocalProcesses;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link Acts#KEEP_TAIL}: by a script on the member's machine, which reads the log where it lies.
 * It fails nothing: what could not be found out is what it tells then.
 */
final class KeepTail implements Act {
  private static final Logger LOG = LoggerFactory.getLogger(KeepTail.class);

  /** For reading, and for keeping, each. */
  private static final Duration EACH = Duration.ofSeconds(60);

  /** For both; a script that takes longer hangs. */
  private static final Duration ALL = EACH.multipliedBy(3);

  private final Cluster cluster;

  KeepTail(Cluster cluster) {
    this.cluster = cluster;
  }

  @Override
  public Details act(Turn turn) throws IOException, InterruptedException {
    LossFacts.Origin origin = origin(turn);
    try {
      return found(turn, origin);
    } catch (OutOfReach e) {
      return unknown(turn, origin, "nothing of its machine is within reach");
    } catch (ActFailed | PgException | IllegalArgumentException e) {
      return unknown(turn, origin, String.valueOf(e.getMessage()));
    }
  }

  private static Details unknown(Turn turn, LossFacts.Origin origin, String problem) {
    LOG.warn("member={} what it alone has is unknown: {}", turn.node().id(), problem);
    return LossFacts.unknown(origin, problem);
  }

  /** Doing it again does no harm: what is kept already is only told again. */
  @Override
  public Inspection inspect(Turn turn) {
    return new Inspection.NotApplied("whether it is kept shows when it is done again");
  }

  private static LossFacts.Origin origin(Turn turn) {
    return new LossFacts.Origin(
        turn.argument(Acts.ID),
        turn.node().id().name(),
        turn.argument(Acts.FROM),
        turn.number(Acts.TIMELINE),
        Instant.ofEpochSecond(turn.number(Acts.AT) / 1_000_000).toString(),
        turn.argument(Acts.WAITED).equals("true"));
  }

  private Details found(Turn turn, LossFacts.Origin origin)
      throws ActFailed, PgException, IOException, InterruptedException {
    Processes.requireGone(turn);
    String script = TailScript.text();
    turn.inside().counter(script, ArchiveScript.checksum(script));
    History own = History.read(run(turn, TailScript.look()));
    Node primary = cluster.node(new MemberId(turn.argument(Acts.FROM)));
    Catalogs catalogs = new Catalogs(primary, turn.deadline());
    Divergence divergence =
        Divergence.of(own, catalogs.history(), turn.argument(Acts.TWINS).equals("true"));
    return switch (divergence) {
      // Of a replica that was never primary there is nothing to tell.
      case Divergence.None _ ->
          turn.argument(Acts.FORMER).equals("true") ? LossFacts.nothing(origin) : Details.NONE;
      case Divergence.Unknown unknown -> unknown(turn, origin, unknown.reason());
      case Divergence.Parted parted -> counted(turn, origin, parted, catalogs);
    };
  }

  private Details counted(
      Turn turn, LossFacts.Origin origin, Divergence.Parted parted, Catalogs catalogs)
      throws ActFailed, PgException, IOException, InterruptedException {
    LossKeeping keeping = cluster.spec().practice().care().losses();
    TailScript.Limits limits =
        new TailScript.Limits(
            turn.argument(Acts.ID),
            keeping.bytes(),
            keeping.folders(),
            EACH.toSeconds(),
            catalogs.segment(),
            catalogs.heartbeats());
    Tally tally = Tally.read(run(turn, TailScript.keep(limits, parted.tail())));
    Map<String, Name> names = catalogs.names(tally.files());
    Details facts =
        LossFacts.counted(origin, parted, tally, names, checkpoint(turn, parted.tail()));
    if (!tally.folder().isEmpty()) {
      turn.inside().summary(turn.argument(Acts.ID), LossSummary.json(facts, tally, names));
    }
    return facts;
  }

  /** A record that the log must have had; 0 if the control file names none beyond the fork. */
  private static long checkpoint(Turn turn, List<Divergence.Span> tail)
      throws IOException, InterruptedException {
    ControlFile control = ControlFile.of(turn.inside().sight());
    Divergence.Span newest = tail.getLast();
    return control.timeline() == newest.timeline() && control.checkpoint() >= newest.from()
        ? control.checkpoint()
        : 0;
  }

  private static String run(Turn turn, List<String> words)
      throws ActFailed, IOException, InterruptedException {
    try {
      LocalProcesses.Result result =
          turn.inside().run(new Tool.Tail(words), turn.deadline().atMost(ALL).most());
      if (result.exit() != 0) {
        throw new ActFailed(Complaint.of(result.output()));
      }
      return result.output();
    } catch (IOException e) {
      // Who is asked to make way does; a program that had to be killed is a find like any other.
      turn.makeWay();
      throw new ActFailed(String.valueOf(e.getMessage()));
    }
  }
}
