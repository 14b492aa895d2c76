package io.cotidal.postgres.steps;

import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.model.MemberId;
import io.cotidal.pgclient.Conninfo;
import io.cotidal.pgclient.PgException;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.ControlFile;
import io.cotidal.postgres.observe.Node;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.reach.Sight;
import io.cotidal.postgres.reach.Tool;
import io.cotidal.postgres.spec.Access;
import io.cotidal.remote.LocalProcesses;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;

/**
 * {@link Acts#REWIND}. A new primary's control file keeps the old timeline until its first
 * checkpoint; pg_rewind believes it, ends well, and the result never starts. So the checkpoint
 * comes first, and its timeline is verified.
 */
final class Rewind implements Act {
  private final Cluster cluster;

  Rewind(Cluster cluster) {
    this.cluster = cluster;
  }

  @Override
  public Details act(Turn turn) throws ActFailed, PgException, IOException, InterruptedException {
    Node node = turn.node();
    Node source = cluster.node(new MemberId(turn.argument(Acts.FROM)));
    Sight sight = turn.inside().sight();
    if (!sight.canRewind()) {
      throw new ActFailed(
          node.server().bin() + " has no pg_rewind; clone " + node.id() + " instead");
    }
    if (!sight.data().equals(Sight.PRESENT)) {
      throw new ActFailed(
          "the data of " + node.id() + " is " + sight.data() + "; clone it instead");
    }
    Processes.requireGone(turn);
    long timeline = checkpoint(turn, source);
    ControlFile control = ControlFile.of(sight);
    if (Math.max(control.timeline(), control.minimumTimeline()) == timeline) {
      // Recovery in single-user mode would add to that timeline, and pg_rewind leave it at that.
      throw new ActFailed(
          node.id()
              + " is on timeline "
              + timeline
              + " as "
              + source.id()
              + " is, where nothing can be rewound; clone it instead");
    }
    ServerFiles files = new ServerFiles(cluster.spec(), turn);
    files.writeStatic(new OwnFile(cluster.spec(), turn).asItStands());
    Receipts.begin(turn);
    turn.inside().dropForeignLock();
    // pg_rewind finishes an interrupted recovery in single-user mode, which refuses to be a
    // standby.
    turn.inside().delete(node.signal());
    LocalProcesses.Result result;
    try {
      result = rewind(turn, source);
    } finally {
      files.demote();
    }
    if (result.exit() != 0) {
      throw new ActFailed(
          "pg_rewind of "
              + node.id()
              + " ended with "
              + result.exit()
              + ": "
              + Complaint.of(result.output()));
    }
    turn.inside().sync(turn.deadline());
    Receipts.end(turn, "");
    return Details.NONE;
  }

  @Override
  public Inspection inspect(Turn turn) throws IOException, InterruptedException {
    return Receipts.inspect(turn, Acts.FROM);
  }

  /** The timeline on which the source wrote a checkpoint. */
  private long checkpoint(Turn turn, Node source)
      throws ActFailed, PgException, InterruptedException {
    PgFacts facts = source.work().use(turn.deadline(), cluster.look()::facts);
    if (facts.recovering()) {
      throw new ActFailed(source.id() + " is a standby; a rewind goes to the primary's history");
    }
    long written =
        source
            .work()
            .use(
                turn.deadline(),
                (session, deadline) -> {
                  session.run("CHECKPOINT", deadline.left());
                  return session.one(
                      "SELECT timeline_id FROM pg_control_checkpoint()",
                      deadline.left(),
                      row -> row.getLong(1));
                });
    if (written != facts.timeline()) {
      throw new ActFailed(
          source.id()
              + " writes timeline "
              + facts.timeline()
              + " but its control file still says "
              + written);
    }
    return written;
  }

  private LocalProcesses.Result rewind(Turn turn, Node source)
      throws IOException, InterruptedException {
    Access access = cluster.spec().access();
    Path passwords = turn.node().places().gate().resolve("rewind-passfile");
    try {
      turn.inside()
          .write(
              passwords,
              ServerFiles.passwordLine(source.server(), access.superuser(), access.password()));
      LinkedHashMap<String, String> parameters = new LinkedHashMap<>();
      parameters.put("host", source.server().addresses().replication());
      parameters.put("port", Integer.toString(source.server().port()));
      parameters.put("user", access.superuser());
      parameters.put("dbname", Node.DATABASE);
      parameters.put("passfile", passwords.toString());
      parameters.put("application_name", "cotidal rewind");
      return turn.inside()
          .run(new Tool.Rewind(Conninfo.format(parameters)), turn.deadline().most());
    } finally {
      turn.inside().delete(passwords);
    }
  }
}
