package io.cotidal.postgres.plan.archiving;

import io.cotidal.engine.Continuation;
import io.cotidal.engine.OperationType;
import io.cotidal.engine.Run;
import io.cotidal.engine.State;
import io.cotidal.model.Details;
import io.cotidal.model.Lock;
import io.cotidal.model.MemberId;
import io.cotidal.model.Risk;
import io.cotidal.model.Step;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.archive.Expiry;
import io.cotidal.postgres.archive.Inventory;
import io.cotidal.postgres.archive.Segments;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.plan.cluster.Inputs;
import io.cotidal.postgres.plan.cluster.OneStep;
import io.cotidal.postgres.spec.Archive;
import io.cotidal.postgres.spec.PostgresSpec;
import java.util.List;

/** Remove from the archive what is old and what nobody needs any more. */
public final class ArchiveExpire implements OperationType<PostgresSpec, PgFacts> {
  /** The name of the operation. */
  public static final String NAME = "archive-expire";

  /** Input: how old something must be to go, in minutes. */
  static final String MINUTES = "minutes";

  /** Input: the lowest segment that a member may still ask for, as it was when this was asked. */
  static final String NEEDED = "needed";

  /** Input: the size of a segment in bytes. */
  static final String SEGMENT = "segment";

  private static final String CHOOSE = "choose";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Risk risk() {
    return Risk.IRREVERSIBLE;
  }

  @Override
  public List<Lock> locks(Details input) {
    return List.of(new Lock(ArchiveCheck.LOCK, true));
  }

  @Override
  public Continuation steps(Details input, Run run, PostgresSpec spec, State<PgFacts> state) {
    if (run.occasion() == Run.Occasion.CANCEL) {
      return Continuation.finished();
    }
    MemberId primary = Inputs.member(input, Inputs.PRIMARY);
    if (spec.practice().care().archive().filter(Archive::ownRetention).isPresent()) {
      return OneStep.once(
          run,
          expire(
              primary, input, input.need(NEEDED), "let pgBackRest remove what it keeps no more"));
    }
    Step list =
        Step.act(Acts.ARCHIVE_LIST, primary, "list the archive from " + primary)
            .within(ArchiveCheck.LIST)
            .thenDecide();
    if (!run.isDone(list.key())) {
      return OneStep.once(run, list);
    }
    Expiry expiry;
    Segments segments = new Segments(Long.parseLong(input.need(SEGMENT)));
    try {
      expiry =
          Expiry.choose(
              Inventory.read(run.evidence(list.key()).get(Acts.LIST, ""), segments),
              segments.read(input.need(NEEDED)),
              Long.parseLong(input.need(MINUTES)));
    } catch (IllegalArgumentException e) {
      return new Continuation.GiveUp(String.valueOf(e.getMessage()));
    }
    String before = segments.name(expiry.before());
    Step choose =
        Step.decision(
            CHOOSE,
            "keep " + before + " and what follows it: " + expiry.reason(),
            Details.of(Acts.BEFORE, before).with("reason", expiry.reason()));
    Step expire = expire(primary, input, before, "remove what lies before " + before);
    return run.isDone(choose.key())
        ? OneStep.once(run, expire)
        : Continuation.rest(List.of(choose, expire.after(choose)));
  }

  private static Step expire(MemberId primary, Details input, String before, String sentence) {
    return Step.act(Acts.ARCHIVE_EXPIRE, primary, sentence)
        .with(Acts.BEFORE, before)
        .with(Acts.MINUTES, input.need(MINUTES))
        .within(ArchiveCheck.LIST);
  }
}
