package io.cotidal.postgres.steps;

import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.pgclient.Lsn;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.archive.Base;
import java.io.IOException;
import java.util.Optional;

/** {@link Acts#BACKUP}: by the archive script, beside the server that it copies. */
final class TakeBackup implements Act {
  private final Cluster cluster;

  TakeBackup(Cluster cluster) {
    this.cluster = cluster;
  }

  @Override
  public Details act(Turn turn) throws ActFailed, IOException, InterruptedException {
    new ServerFiles(cluster.spec(), turn).writePasswords();
    new Archiving(cluster.spec(), turn.node()).write(turn.inside());
    String said =
        ArchiveScripts.run(turn, "backup", turn.argument(Acts.ID), turn.argument(Acts.REPOSITORY));
    return taken(turn, said)
        .map(TakeBackup::evidence)
        .orElseThrow(() -> new ActFailed("the archive script does not say what it has taken"));
  }

  @Override
  public Inspection inspect(Turn turn) throws IOException, InterruptedException {
    try {
      String said = ArchiveScripts.run(turn, "bases", turn.argument(Acts.REPOSITORY));
      return taken(turn, said)
          .<Inspection>map(base -> new Inspection.Applied(evidence(base)))
          .orElseGet(() -> new Inspection.NotApplied("that base backup is not there"));
    } catch (ActFailed e) {
      return new Inspection.NotApplied("nobody can tell: " + e.getMessage());
    }
  }

  private static Optional<Base> taken(Turn turn, String said) {
    String id = turn.argument(Acts.ID);
    return Base.all(said).stream().filter(base -> base.id().equals(id)).findFirst();
  }

  private static Details evidence(Base base) {
    return Details.of(Acts.ID, base.id())
        .with(Acts.ENDED, base.ended().getEpochSecond() * 1_000_000)
        .with(Acts.BYTES, base.bytes())
        .with(Acts.TIMELINE, base.timeline())
        .with("start", Lsn.format(base.start()))
        .with("stop", Lsn.format(base.stop()))
        .with("verified", base.verified() ? "yes" : "no: there is no pg_verifybackup");
  }
}
