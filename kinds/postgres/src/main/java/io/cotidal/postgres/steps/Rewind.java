package io.cotidal.postgres.steps;

import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.model.MemberId;
import io.cotidal.pgclient.Conninfo;
import io.cotidal.pgclient.PgException;
import io.cotidal.postgres.observe.HostLook;
import io.cotidal.postgres.observe.Node;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.plan.Acts;
import io.cotidal.postgres.spec.Access;
import io.cotidal.remote.Durable;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;

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
    if (!Files.isExecutable(node.program("pg_rewind"))) {
      throw new ActFailed(
          node.server().bin() + " has no pg_rewind; clone " + node.id() + " instead");
    }
    if (!HostLook.data(node).equals(HostLook.PRESENT)) {
      throw new ActFailed(
          "the data of " + node.id() + " is " + HostLook.data(node) + "; clone it instead");
    }
    Processes.requireGone(turn);
    checkpoint(turn, source);
    ServerFiles files = new ServerFiles(cluster.spec(), node);
    files.writeStatic();
    Receipts.begin(turn);
    // pg_rewind finishes an interrupted recovery in single-user mode, which refuses to be a
    // standby.
    Durable.delete(node.signal());
    LocalProcesses.Result result;
    try {
      result = rewind(turn, source, files);
    } finally {
      files.demote();
    }
    if (result.exit() != 0) {
      throw new ActFailed(
          "pg_rewind of " + node.id() + " ended with " + result.exit() + ": " + result.lastLine());
    }
    turn.passage().sync(node.data(), turn.deadline());
    Receipts.end(turn, "");
    return Details.NONE;
  }

  @Override
  public Inspection inspect(Turn turn) throws IOException {
    return Receipts.inspect(turn, Acts.FROM);
  }

  private void checkpoint(Turn turn, Node source)
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
  }

  private LocalProcesses.Result rewind(Turn turn, Node source, ServerFiles files)
      throws IOException, InterruptedException {
    Node node = turn.node();
    Access access = cluster.spec().access();
    Path passwords = turn.passage().folder().resolve("rewind-passfile").toAbsolutePath();
    try {
      files.write(
          passwords,
          ServerFiles.passwordLine(source.server(), access.superuser(), access.password()));
      LinkedHashMap<String, String> parameters = new LinkedHashMap<>();
      parameters.put("host", source.server().host());
      parameters.put("port", Integer.toString(source.server().port()));
      parameters.put("user", access.superuser());
      parameters.put("dbname", Node.DATABASE);
      parameters.put("passfile", passwords.toString());
      parameters.put("application_name", "cotidal rewind");
      return turn.passage()
          .run(
              Program.of(
                  node.server().user(),
                  List.of(
                      node.program("pg_rewind").toString(),
                      // Put on the disk as a whole afterwards.
                      "--no-sync",
                      "--target-pgdata=" + node.data(),
                      "--source-server=" + Conninfo.format(parameters))),
              turn.deadline().most());
    } finally {
      Files.deleteIfExists(passwords);
    }
  }
}
