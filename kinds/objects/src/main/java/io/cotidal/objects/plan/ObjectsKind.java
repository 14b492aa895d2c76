package io.cotidal.objects.plan;

import io.cotidal.engine.Command;
import io.cotidal.engine.Kind;
import io.cotidal.engine.OperationType;
import io.cotidal.engine.State;
import io.cotidal.model.Action;
import io.cotidal.model.Details;
import io.cotidal.model.Diagnosis;
import io.cotidal.model.Found;
import io.cotidal.model.LinkView;
import io.cotidal.model.MemberId;
import io.cotidal.model.MemberView;
import io.cotidal.model.Wanted;
import io.cotidal.objects.actions.ObjectsActions;
import io.cotidal.objects.observe.ObjectsFacts;
import io.cotidal.objects.spec.ObjectsSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What namespaces over independent sites contribute to the engine. */
public final class ObjectsKind implements Kind<ObjectsSpec, ObjectsFacts> {
  private final Map<String, OperationType<ObjectsSpec, ObjectsFacts>> types =
      Map.of(
          Converge.USUAL.name(),
          Converge.USUAL,
          Converge.DELETING.name(),
          Converge.DELETING,
          Withdraw.NAME,
          new Withdraw(),
          Prove.NAME,
          new Prove(),
          Announce.NAME,
          new Announce(),
          Appoint.PROMOTE.name(),
          Appoint.PROMOTE,
          Appoint.DEMOTE.name(),
          Appoint.DEMOTE);

  @Override
  public String name() {
    return "objects";
  }

  @Override
  public Object essence(ObjectsSpec spec, ObjectsFacts facts) {
    return Essence.of(spec, facts);
  }

  @Override
  public Diagnosis diagnose(ObjectsSpec spec, State<ObjectsFacts> state) {
    return new Doctor(new Picture(spec, state)).diagnose();
  }

  @Override
  public List<Wanted> plan(ObjectsSpec spec, State<ObjectsFacts> state) {
    return new Planner(new Picture(spec, state)).plan();
  }

  @Override
  public long due(ObjectsSpec spec, State<ObjectsFacts> state) {
    return Planner.due(new Picture(spec, state));
  }

  @Override
  public Optional<OperationType<ObjectsSpec, ObjectsFacts>> operation(String type) {
    return Optional.ofNullable(types.get(type));
  }

  /** Sites are written to by moving what differs, and by nothing else. */
  @Override
  public Optional<MemberId> heartbeat(ObjectsSpec spec, State<ObjectsFacts> state) {
    return Optional.empty();
  }

  /** The configuration names all members. */
  @Override
  public ObjectsSpec withMembers(ObjectsSpec spec, List<Found> found) {
    return spec;
  }

  @Override
  public List<MemberView> members(ObjectsSpec spec, State<ObjectsFacts> state) {
    return new Screens(new Picture(spec, state)).members();
  }

  @Override
  public List<LinkView> links(ObjectsSpec spec, State<ObjectsFacts> state) {
    return new Screens(new Picture(spec, state)).links();
  }

  @Override
  public String guarantee(ObjectsSpec spec, State<ObjectsFacts> state) {
    return "";
  }

  @Override
  public List<Action> actions() {
    return ObjectsActions.ALL;
  }

  @Override
  public Details prepare(ObjectsSpec spec, State<ObjectsFacts> state, Command.Begin asked) {
    return new Requests(new Picture(spec, state)).prepare(asked);
  }
}
