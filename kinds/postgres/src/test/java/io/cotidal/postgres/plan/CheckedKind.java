package io.cotidal.postgres.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.engine.Command;
import io.cotidal.engine.Continuation;
import io.cotidal.engine.Forwarding;
import io.cotidal.engine.Kind;
import io.cotidal.engine.OperationType;
import io.cotidal.engine.Remarks;
import io.cotidal.engine.Run;
import io.cotidal.engine.State;
import io.cotidal.model.Action;
import io.cotidal.model.Details;
import io.cotidal.model.Diagnosis;
import io.cotidal.model.Found;
import io.cotidal.model.LinkView;
import io.cotidal.model.MemberId;
import io.cotidal.model.MemberView;
import io.cotidal.model.Step;
import io.cotidal.model.StepRecord;
import io.cotidal.model.StepState;
import io.cotidal.model.Wanted;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.plan.cluster.Inputs;
import io.cotidal.postgres.plan.proxying.ProxiedKind;
import io.cotidal.postgres.spec.PostgresSpec;
import java.util.List;
import java.util.Optional;

/** The postgres kind, with every list of steps that it returns held against the rules. */
final class CheckedKind implements Kind<PostgresSpec, PgFacts> {
  private final ProxiedKind kind = new ProxiedKind();

  private record Checked(OperationType<PostgresSpec, PgFacts> type)
      implements Forwarding<PostgresSpec, PgFacts> {
    @Override
    public Continuation steps(Details input, Run run, PostgresSpec spec, State<PgFacts> state) {
      Continuation answer = type.steps(input, run, spec, state);
      if (answer instanceof Continuation.Rest rest) {
        assertThat(rest.steps()).extracting(Step::key).doesNotHaveDuplicates();
        input
            .find(Inputs.FROM)
            .ifPresent(old -> Proof.check(run.rows(), rest.steps(), new MemberId(old)));
        rest.steps().stream()
            .filter(step -> step.act().equals(Acts.PROMOTE))
            .forEach(step -> onlyOne(run, step));
      }
      return answer;
    }

    /** Whoever else was to be promoted is known not to have been. */
    private static void onlyOne(Run run, Step promote) {
      for (StepRecord row : run.rows()) {
        boolean another = row.step().act().equals(Acts.PROMOTE) && !row.key().equals(promote.key());
        if (another) {
          assertThat(run.last(row.key()).orElseThrow().state())
              .as("%s before %s", row.key(), promote.key())
              .isEqualTo(StepState.FAILED);
        }
      }
    }
  }

  @Override
  public String name() {
    return kind.name();
  }

  @Override
  public Object essence(PostgresSpec spec, PgFacts facts) {
    return kind.essence(spec, facts);
  }

  @Override
  public Diagnosis diagnose(PostgresSpec spec, State<PgFacts> state) {
    return kind.diagnose(spec, state);
  }

  @Override
  public List<Wanted> plan(PostgresSpec spec, State<PgFacts> state) {
    return kind.plan(spec, state);
  }

  @Override
  public Remarks remark(PostgresSpec spec, State<PgFacts> state, Details before) {
    return kind.remark(spec, state, before);
  }

  @Override
  public Optional<OperationType<PostgresSpec, PgFacts>> operation(String type) {
    return kind.operation(type).map(Checked::new);
  }

  @Override
  public long due(PostgresSpec spec, State<PgFacts> state) {
    return kind.due(spec, state);
  }

  @Override
  public Optional<MemberId> heartbeat(PostgresSpec spec, State<PgFacts> state) {
    return kind.heartbeat(spec, state);
  }

  @Override
  public PostgresSpec withMembers(PostgresSpec spec, List<Found> found) {
    return kind.withMembers(spec, found);
  }

  @Override
  public List<MemberView> members(PostgresSpec spec, State<PgFacts> state) {
    return kind.members(spec, state);
  }

  @Override
  public List<LinkView> links(PostgresSpec spec, State<PgFacts> state) {
    return kind.links(spec, state);
  }

  @Override
  public String guarantee(PostgresSpec spec, State<PgFacts> state) {
    return kind.guarantee(spec, state);
  }

  @Override
  public List<Action> actions() {
    return kind.actions();
  }

  @Override
  public Command.Begin meant(PostgresSpec spec, State<PgFacts> state, Command.Begin asked) {
    return kind.meant(spec, state, asked);
  }

  @Override
  public Details prepare(PostgresSpec spec, State<PgFacts> state, Command.Begin asked) {
    return kind.prepare(spec, state, asked);
  }
}
