package io.cotidal.postgres.steps;

import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.pgclient.Quote;
import io.cotidal.pgclient.Verifier;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.ControlFile;
import io.cotidal.postgres.observe.Node;
import io.cotidal.postgres.reach.Places;
import io.cotidal.postgres.reach.Tool;
import io.cotidal.postgres.spec.Access;
import io.cotidal.remote.LocalProcesses;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SequencedMap;

/** {@link Acts#INIT}. */
final class Init implements Act {
  private final Cluster cluster;

  Init(Cluster cluster) {
    this.cluster = cluster;
  }

  @Override
  public Details act(Turn turn) throws ActFailed, IOException, InterruptedException {
    Node node = turn.node();
    boolean ours = turn.inside().exists(node.places().incomplete());
    if (turn.inside().holdsData() && !ours) {
      throw new ActFailed(node.data() + " is not empty; nothing is made over what is there");
    }
    Processes.requireGone(turn);
    Receipts.begin(turn);
    turn.inside().makeData();
    turn.inside().emptyData();
    initialise(turn);
    ServerFiles files = new ServerFiles(cluster.spec(), turn);
    SequencedMap<String, String> declared = new OwnFile(cluster.spec(), turn).declared();
    files.writeStatic(declared);
    roles(turn);
    files.writeDemoted("", declared);
    turn.inside().sync(turn.deadline());
    String id = Long.toUnsignedString(ControlFile.of(turn.inside().sight()).systemId());
    Receipts.end(turn, id);
    return Details.of(Acts.SYSTEM_ID, id);
  }

  @Override
  public Inspection inspect(Turn turn) throws IOException, InterruptedException {
    return Receipts.inspect(turn, Acts.SYSTEM_ID);
  }

  private void initialise(Turn turn) throws ActFailed, IOException, InterruptedException {
    Access access = cluster.spec().access();
    Path password = turn.node().places().gate().resolve(Places.INITDB_PASSWORD);
    try {
      turn.inside().write(password, access.password().reveal() + "\n");
      run(turn, new Tool.Initdb(access.superuser()));
    } finally {
      turn.inside().delete(password);
    }
  }

  /** Single-user mode: needs no network and leaves a server that was stopped in order. */
  private void roles(Turn turn) throws ActFailed, IOException, InterruptedException {
    Node node = turn.node();
    Access access = cluster.spec().access();
    StringBuilder sql = new StringBuilder("SET log_min_error_statement = 'panic';\n");
    if (!access.replicationUser().equals(access.superuser())) {
      sql.append("CREATE ROLE ")
          .append(Quote.identifier(access.replicationUser()))
          .append(" LOGIN REPLICATION PASSWORD ")
          .append(Quote.literal(Verifier.scram(access.replicationPassword()).reveal()))
          .append(";\n");
    }
    Heartbeat.TABLE.forEach(statement -> sql.append(statement).append(";\n"));
    Path input = node.places().gate().resolve(Places.ROLES);
    try {
      turn.inside().write(input, sql.toString());
      String printed = run(turn, new Tool.SingleUser());
      if (printed.contains("ERROR:")) {
        throw new ActFailed("roles of " + node.id() + ": " + Complaint.of(printed));
      }
    } finally {
      turn.inside().delete(input);
    }
  }

  private static String run(Turn turn, Tool tool)
      throws ActFailed, IOException, InterruptedException {
    LocalProcesses.Result result = turn.inside().run(tool, turn.deadline().most());
    if (result.exit() != 0) {
      throw new ActFailed(
          tool.name() + " ended with " + result.exit() + ": " + Complaint.of(result.output()));
    }
    return result.output();
  }
}
