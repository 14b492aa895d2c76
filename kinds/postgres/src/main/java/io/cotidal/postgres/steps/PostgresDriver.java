package io.cotidal.postgres.steps;

import io.cotidal.engine.Driver;
import io.cotidal.engine.ResourceView;
import io.cotidal.engine.State;
import io.cotidal.engine.snapshot.ArchiveSource;
import io.cotidal.engine.snapshot.SnapshotSource;
import io.cotidal.model.Details;
import io.cotidal.model.Host;
import io.cotidal.model.Inspection;
import io.cotidal.model.MemberId;
import io.cotidal.model.Observation;
import io.cotidal.model.Outcome;
import io.cotidal.model.Progress;
import io.cotidal.model.Report;
import io.cotidal.model.Stamp;
import io.cotidal.model.Step;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.Trouble;
import io.cotidal.postgres.actions.Questions;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.Node;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.plan.Readings;
import io.cotidal.postgres.reach.Machines;
import io.cotidal.postgres.reach.OutOfReach;
import io.cotidal.postgres.rehearsal.CloneRehearsals;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.ssh.SshHosts;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The members of a PostgreSQL cluster, wherever they are. Thread-safe. */
public final class PostgresDriver implements Driver<PgFacts> {
  private final Cluster cluster;
  private final Map<String, Act> acts;
  private final CloneRehearsals rehearsals;

  /** The members of {@code spec}, all of this machine; nothing is touched yet. */
  public PostgresDriver(PostgresSpec spec, LocalProcesses processes) {
    this(spec, new Machines(processes, new SshHosts()));
  }

  /** The members of {@code spec} on their machines; nothing is touched yet. */
  public PostgresDriver(PostgresSpec spec, Machines machines) {
    this(spec, machines, CloneRehearsals.NONE);
  }

  /**
   * The same.
   *
   * @param rehearsals who runs clones of the cluster; not closed by the driver
   */
  public PostgresDriver(PostgresSpec spec, Machines machines, CloneRehearsals rehearsals) {
    this.cluster = new Cluster(spec, machines);
    this.rehearsals = rehearsals;
    Follow follow = new Follow(cluster);
    this.acts =
        Map.ofEntries(
            Map.entry(Acts.INIT, new Init(cluster)),
            Map.entry(Acts.CLONE, new CloneData(cluster)),
            Map.entry(Acts.KEEP_TAIL, new KeepTail(cluster)),
            Map.entry(Acts.REWIND, new Rewind(cluster)),
            Map.entry(Acts.START, new Start(cluster, follow)),
            Map.entry(Acts.STOP, new Stop(cluster)),
            Map.entry(Acts.FENCE, new Fence(cluster)),
            Map.entry(Acts.CUT_OFF, new CutOff(cluster)),
            Map.entry(Acts.PROMOTE, new Promote(cluster)),
            Map.entry(Acts.FOLLOW, follow),
            Map.entry(Acts.LOGICAL, new Logical(cluster)),
            Map.entry(Acts.SET_QUORUM, new SetQuorum(cluster)),
            Map.entry(Acts.AWAIT_FLUSH, new AwaitFlush(cluster)),
            Map.entry(Acts.GUARD, new SetGuard(cluster)),
            Map.entry(Acts.UNGUARD, new Unguard()),
            Map.entry(Acts.AWAIT_GUARD, new AwaitGuard(cluster)),
            Map.entry(Acts.CHECKPOINT, new Checkpoint()),
            Map.entry(Acts.SLOTS, new Slots(cluster)),
            Map.entry(Acts.SETTINGS, new SettingsSetup(cluster)),
            Map.entry(Acts.ARCHIVE, new ArchiveSetup(cluster)),
            Map.entry(Acts.ARCHIVE_CHECK, new ArchiveCheck(cluster)),
            Map.entry(Acts.ARCHIVE_LIST, new ArchiveList(cluster)),
            Map.entry(Acts.ARCHIVE_EXPIRE, new ArchiveExpire(cluster)),
            Map.entry(Acts.BACKUP, new TakeBackup(cluster)),
            Map.entry(Acts.PRUNE, new PruneBackups()),
            Map.entry(Acts.RESTORE_CHOOSE, new ChooseBackup(cluster)),
            Map.entry(Acts.LAY, new LayBackup(cluster)),
            Map.entry(Acts.RECOVER, new Recover(cluster)),
            Map.entry(Acts.PROVE, new Prove(cluster)),
            Map.entry(Acts.RESTORED, new Restored()));
  }

  @Override
  public Observation<PgFacts> observe(MemberId member, Duration deadline) {
    try {
      return cluster.look().at(cluster.node(member), deadline);
    } catch (ActFailed e) {
      return new Observation.CannotTell<>(reason(e), Host.UNKNOWN);
    }
  }

  @Override
  public Outcome stamp(MemberId member, Stamp stamp, Duration deadline) {
    return guarded(
        member,
        node ->
            node.machine()
                .under(
                    stamp,
                    Deadline.in(deadline),
                    inside -> {
                      Pause.recover(node, inside);
                      Entrance.follow(cluster.spec(), node, inside, Deadline.in(deadline));
                      BackupsReport.ready(cluster.spec(), node, inside);
                      return new Outcome.Done(Details.of("before", inside.before()));
                    }));
  }

  /**
   * What others may take of this cluster's data.
   *
   * @param view the cluster as its control plane shows it; empty if nobody manages it
   */
  public SnapshotSource snapshots(Supplier<Optional<ResourceView>> view, InstantSource clock) {
    return new ReplicaSnapshots(cluster, view, clock);
  }

  /** Out of what others may make this cluster's data of then; empty if it lies in no folder. */
  public Optional<ArchiveSource> archive() {
    return ArchiveFolders.of(cluster.spec().practice().care().archive());
  }

  @Override
  public Outcome act(Step step, Stamp stamp, Consumer<Progress> progress) {
    if (step.act().equals(Acts.REHEARSE)) {
      return new OnClones(cluster.spec(), rehearsals).act(step, stamp, progress);
    }
    Act act = acts.get(step.act());
    MemberId member = step.member();
    if (act == null || member == null) {
      return new Outcome.Failed("this driver has no act '" + step.act() + "' for a member");
    }
    Deadline deadline = Deadline.in(step.deadline());
    return guarded(
        member,
        node ->
            node.machine()
                .under(
                    stamp,
                    deadline,
                    inside -> {
                      Pause.recover(node, inside);
                      try {
                        return done(act, new Turn(node, step, stamp, inside, deadline, progress));
                      } finally {
                        node.stale();
                      }
                    }));
  }

  @Override
  public Inspection inspect(Step step, Stamp stamp) {
    if (step.act().equals(Acts.REHEARSE)) {
      return OnClones.inspect();
    }
    Act act = acts.get(step.act());
    MemberId member = step.member();
    if (act == null || member == null) {
      return new Inspection.Unknown("this driver has no act '" + step.act() + "' for a member");
    }
    Deadline deadline = Deadline.in(step.deadline());
    try {
      Node node = cluster.node(member);
      return node.machine()
          .look(
              stamp,
              deadline,
              inside -> seen(act, new Turn(node, step, stamp, inside, deadline, _ -> {})))
          .orElse(new Inspection.Unknown("the member follows a newer stamp than " + stamp));
    } catch (ActFailed | IOException e) {
      return new Inspection.Unknown(reason(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Inspection.Unknown("the inspection was interrupted");
    }
  }

  @Override
  public boolean interruptible(Step step) {
    return step.act().equals(Acts.REHEARSE);
  }

  @Override
  public void heartbeat(MemberId member, Stamp stamp, Duration deadline) {
    guarded(
        member,
        node -> {
          node.lifeline().lead(stamp.epoch(), System.nanoTime());
          Heartbeat.beat(node, stamp, Deadline.in(deadline));
          return new Outcome.Done(Details.NONE);
        });
  }

  @Override
  public Report read(String question, Details input, State<PgFacts> state) {
    return switch (question) {
      case Questions.VERIFY -> new Verify(cluster, state).report();
      case Questions.BACKUPS -> new BackupsReport(cluster, state).report();
      case Questions.VALIDATE -> new Validate(cluster, state).report();
      default -> new Readings(cluster.spec(), state).answer(question, input);
    };
  }

  @Override
  public void close() {
    cluster.close();
  }

  private interface Deed {
    Outcome on(Node node) throws IOException, InterruptedException;
  }

  private Outcome guarded(MemberId member, Deed deed) {
    try {
      return deed.on(cluster.node(member));
    } catch (ActFailed | OutOfReach e) {
      return new Outcome.Failed(reason(e));
    } catch (IOException e) {
      return new Outcome.Unknown(reason(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Outcome.Unknown("the act was interrupted");
    }
  }

  private static Outcome done(Act act, Turn turn) throws IOException, InterruptedException {
    try {
      return new Outcome.Done(act.act(turn));
    } catch (ActFailed e) {
      return new Outcome.Failed(reason(e));
    } catch (IllegalArgumentException e) {
      return new Outcome.Failed("step '" + turn.step().key() + "': " + reason(e));
    } catch (PgException e) {
      return e.trouble() instanceof Trouble.Rejected rejected
          ? new Outcome.Failed(rejected.reason())
          : new Outcome.Unknown(reason(e));
    }
  }

  private static Inspection seen(Act act, Turn turn) throws IOException, InterruptedException {
    try {
      return act.inspect(turn);
    } catch (PgException | IllegalArgumentException e) {
      return new Inspection.Unknown(reason(e));
    }
  }

  private static String reason(Exception problem) {
    return problem.getMessage() == null ? problem.toString() : problem.getMessage();
  }
}
