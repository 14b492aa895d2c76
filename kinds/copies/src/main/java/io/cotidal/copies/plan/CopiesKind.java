package io.cotidal.copies.plan;

import io.cotidal.copies.actions.CopiesActions;
import io.cotidal.copies.observe.CopiesFacts;
import io.cotidal.copies.observe.CopiesFacts.DumpSeen;
import io.cotidal.copies.servers.ServerRuntime.Standing;
import io.cotidal.copies.spec.CopiesSpec;
import io.cotidal.engine.Command;
import io.cotidal.engine.Kind;
import io.cotidal.engine.OperationType;
import io.cotidal.engine.State;
import io.cotidal.model.Action;
import io.cotidal.model.Details;
import io.cotidal.model.Found;
import io.cotidal.model.LinkView;
import io.cotidal.model.MemberId;
import io.cotidal.model.MemberView;
import io.cotidal.model.Step;
import io.cotidal.model.Wanted;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What templates and their copies contribute to the engine. */
public final class CopiesKind implements Kind<CopiesSpec, CopiesFacts> {
  private final Map<String, OperationType<CopiesSpec, CopiesFacts>> types =
      Stream.<OperationType<CopiesSpec, CopiesFacts>>of(
              new Import(),
              new Create(),
              new MakeSpare(),
              new Start(true),
              new Start(false),
              new Reset(),
              new Renew(),
              new Compare(),
              new Remove(Remove.DELETE),
              new Remove(Remove.COLLECT))
          .collect(Collectors.toUnmodifiableMap(OperationType::name, Function.identity()));

  /** What of a look can change a plan. */
  private record Essence(
      boolean writable,
      boolean full,
      int roomForSpares,
      SortedMap<String, Standing> standings,
      Set<String> idle,
      Set<String> leftovers,
      Optional<DumpSeen> dump) {}

  @Override
  public String name() {
    return "copies";
  }

  @Override
  public Object essence(CopiesSpec spec, CopiesFacts facts) {
    SortedMap<String, Standing> standings = new TreeMap<>();
    Set<String> idle = new TreeSet<>();
    facts
        .servers()
        .forEach((id, server) -> {
          standings.put(id, server.standing());
          if (server.idleSinceMicros() > 0) {
            idle.add(id);
          }
        });
    return new Essence(
        facts.writable(),
        facts.freeBytes() < spec.storage().reserveBytes(),
        Refill.room(spec, facts),
        standings,
        idle,
        facts.leftovers(),
        spec.template().from().isEmpty()
            ? facts.dump()
            // Its position changes all the time, and no plan with it.
            : facts.dump().map(seen -> new DumpSeen(seen.path(), 0, "")));
  }

  @Override
  public CopiesDiagnosis diagnose(CopiesSpec spec, State<CopiesFacts> state) {
    return new Doctor(spec, state).diagnose();
  }

  @Override
  public List<Wanted> plan(CopiesSpec spec, State<CopiesFacts> state) {
    return new Planner(spec, state).plan();
  }

  @Override
  public long due(CopiesSpec spec, State<CopiesFacts> state) {
    return new Planner(spec, state).due();
  }

  /** Plans rest on the items' rows, but for what becomes of servers that were there before. */
  @Override
  public boolean awaitsLook(Step step) {
    return step.act().equals(Acts.START) || step.act().equals(Acts.RESET);
  }

  @Override
  public Optional<OperationType<CopiesSpec, CopiesFacts>> operation(String type) {
    return Optional.ofNullable(types.get(type));
  }

  @Override
  public Optional<MemberId> heartbeat(CopiesSpec spec, State<CopiesFacts> state) {
    return Optional.empty();
  }

  /** The one member is the host: no source names others. */
  @Override
  public CopiesSpec withMembers(CopiesSpec spec, List<Found> found) {
    return spec;
  }

  @Override
  public List<MemberView> members(CopiesSpec spec, State<CopiesFacts> state) {
    return new Screens(spec, state).members();
  }

  @Override
  public List<LinkView> links(CopiesSpec spec, State<CopiesFacts> state) {
    return List.of();
  }

  @Override
  public String guarantee(CopiesSpec spec, State<CopiesFacts> state) {
    return "";
  }

  @Override
  public List<Action> actions() {
    return CopiesActions.ALL;
  }

  @Override
  public Details prepare(CopiesSpec spec, State<CopiesFacts> state, Command.Begin asked) {
    return new Requests(spec, state).prepare(asked);
  }
}
