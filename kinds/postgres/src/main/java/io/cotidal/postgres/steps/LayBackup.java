package io.cotidal.postgres.steps;

import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.pgclient.PgException;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.Node;
import io.cotidal.postgres.reach.Sight;
import java.io.IOException;

/**
 * {@link Acts#LAY}: what lies there may be of an earlier try of the same restore, of a server that
 * was never promoted; nothing else is replaced.
 */
final class LayBackup implements Act {
  private static final String LAID = "laid ";

  private final Cluster cluster;

  LayBackup(Cluster cluster) {
    this.cluster = cluster;
  }

  @Override
  public Details act(Turn turn) throws ActFailed, PgException, IOException, InterruptedException {
    Node node = turn.node();
    boolean again = Boolean.parseBoolean(turn.argument(Acts.AGAIN));
    boolean ours = turn.inside().exists(node.places().incomplete());
    if (turn.inside().holdsData() && !ours && !again) {
      throw new ActFailed(node.data() + " is not empty; nothing is restored over what is there");
    }
    if (turn.inside().sight().data().equals(Sight.PRESENT)
        && !turn.inside().exists(node.signal())) {
      throw new ActFailed(
          node.data() + " is of a server that was promoted; nothing is restored over it");
    }
    if (!Processes.kill(turn, turn.deadline().most())) {
      throw new ActFailed("processes of an earlier try on " + node.id() + " do not end");
    }
    Receipts.begin(turn);
    turn.inside().makeData();
    turn.inside().emptyData();
    new Archiving(cluster.spec(), node).write(turn.inside());
    Roominess.require(turn, turn.number(Acts.BYTES));
    String said = ArchiveScripts.run(turn, "lay", turn.argument(Acts.ID));
    String line =
        said.lines()
            .filter(each -> each.startsWith(LAID))
            .findFirst()
            .orElseThrow(() -> new ActFailed("the archive script does not say what it has laid"));
    String[] words = line.substring(LAID.length()).split(" ", 3);
    new ServerFiles(cluster.spec(), turn).estrange();
    turn.inside().sync(turn.deadline());
    Receipts.end(turn, words[0]);
    return Details.of(Acts.BYTES, words[0])
        .with("verified", words[1].equals("yes") ? "yes" : "no: there is no pg_verifybackup")
        .with(Acts.FROM, words[2]);
  }

  @Override
  public Inspection inspect(Turn turn) throws IOException, InterruptedException {
    return Receipts.inspect(turn, Acts.BYTES);
  }
}
