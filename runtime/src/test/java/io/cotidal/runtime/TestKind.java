package io.cotidal.runtime;

import io.cotidal.engine.Brake;
import io.cotidal.engine.Command;
import io.cotidal.engine.Continuation;
import io.cotidal.engine.Kind;
import io.cotidal.engine.OperationType;
import io.cotidal.engine.Run;
import io.cotidal.engine.State;
import io.cotidal.model.Action;
import io.cotidal.model.Answers;
import io.cotidal.model.Details;
import io.cotidal.model.Diagnosis;
import io.cotidal.model.Found;
import io.cotidal.model.LinkView;
import io.cotidal.model.Lock;
import io.cotidal.model.MemberId;
import io.cotidal.model.MemberView;
import io.cotidal.model.Mode;
import io.cotidal.model.Permission;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Risk;
import io.cotidal.model.Severity;
import io.cotidal.model.Spec;
import io.cotidal.model.Step;
import io.cotidal.model.Wanted;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The smallest kind: members that say a word, and one operation of two steps that polishes a
 * member.
 */
final class TestKind implements Kind<TestKind.Shore, String> {

  /** What is wanted of it. */
  record Shore(ResourceId id, Mode mode, List<MemberId> members, Duration tick, Duration deadline)
      implements Spec {
    static Shore of(String name, Duration tick) {
      return new Shore(
          new ResourceId("test", name),
          Mode.MANAGE,
          List.of(new MemberId("a"), new MemberId("b"), new MemberId("c")),
          tick,
          Duration.ofMillis(500));
    }
  }

  /** How a ledger entry of a member that is remembered begins. */
  static final String REMEMBERED = "member.";

  /** After so long a member that is gone is let go of. */
  static final Duration GRACE = Duration.ofSeconds(2);

  static final Action POLISH =
      new Action(
          "test",
          "polish",
          "Polishes a member.",
          Permission.OPERATOR,
          Risk.SAFE,
          List.of(new Action.Field("member", Action.Type.MEMBER, true, "Which one.")));

  private static final class Polish implements OperationType<Shore, String> {
    @Override
    public String name() {
      return "polish";
    }

    @Override
    public Risk risk() {
      return Risk.SAFE;
    }

    @Override
    public List<Lock> locks(Details input) {
      return List.of(Lock.resource());
    }

    @Override
    public Continuation steps(Details input, Run run, Shore spec, State<String> state) {
      MemberId member = new MemberId(input.need("member"));
      Step wash = Step.act("wash", member, "Wash " + member + ".");
      Step dry = Step.act("dry", member, "Dry " + member + ".").after(wash);
      return Continuation.rest(
          List.of(wash, dry).stream().filter(step -> !run.isDone(step.key())).toList());
    }
  }

  /** Lets go of a member that is gone. */
  private static final class Leave implements OperationType<Shore, String> {
    @Override
    public String name() {
      return "leave";
    }

    @Override
    public Risk risk() {
      return Risk.IRREVERSIBLE;
    }

    @Override
    public List<Lock> locks(Details input) {
      return List.of(Lock.resource());
    }

    @Override
    public Continuation steps(Details input, Run run, Shore spec, State<String> state) {
      MemberId member = new MemberId(input.need("member"));
      Step leave =
          Step.act("leave", member, "Let go of " + member + ".")
              .writing(Details.of(REMEMBERED + member, ""));
      return Continuation.rest(run.isDone(leave.key()) ? List.of() : List.of(leave));
    }
  }

  @Override
  public String name() {
    return "test";
  }

  @Override
  public Object essence(Shore spec, String facts) {
    return facts;
  }

  @Override
  public Diagnosis diagnose(Shore spec, State<String> state) {
    return new ScriptedBrain.Healthy();
  }

  @Override
  public List<Wanted> plan(Shore spec, State<String> state) {
    return state.departed().after(GRACE, state.now()).stream()
        .map(member ->
            new Wanted("leave", Details.of("member", member), "it is gone", Brake.of(state).lets()))
        .toList();
  }

  @Override
  public Set<MemberId> remembered(Details ledger) {
    return ledger.entries().keySet().stream()
        .filter(entry -> entry.startsWith(REMEMBERED))
        .map(entry -> new MemberId(entry.substring(REMEMBERED.length())))
        .collect(Collectors.toSet());
  }

  @Override
  public Optional<OperationType<Shore, String>> operation(String type) {
    return switch (type) {
      case "polish" -> Optional.of(new Polish());
      case "leave" -> Optional.of(new Leave());
      default -> Optional.empty();
    };
  }

  @Override
  public Optional<MemberId> heartbeat(Shore spec, State<String> state) {
    return Optional.empty();
  }

  @Override
  public Shore withMembers(Shore spec, List<Found> found) {
    List<MemberId> members = found.stream().map(Found::id).toList();
    return new Shore(spec.id(), spec.mode(), members, spec.tick(), spec.deadline());
  }

  @Override
  public List<MemberView> members(Shore spec, State<String> state) {
    return spec.members().stream()
        .map(id -> {
          String facts = state.members().get(id).facts();
          return new MemberView(
              id,
              "shore",
              facts == null ? Answers.UNKNOWN : Answers.YES,
              facts == null ? "unknown" : facts,
              Severity.INFO,
              facts != null,
              Details.NONE);
        })
        .toList();
  }

  @Override
  public List<LinkView> links(Shore spec, State<String> state) {
    return List.of();
  }

  @Override
  public String guarantee(Shore spec, State<String> state) {
    return "";
  }

  @Override
  public List<Action> actions() {
    return List.of(POLISH);
  }

  @Override
  public Details prepare(Shore spec, State<String> state, Command.Begin asked) {
    asked.input().need("member");
    return asked.input();
  }
}
