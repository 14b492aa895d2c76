package io.cotidal.feeds.plan;

import io.cotidal.engine.Command;
import io.cotidal.engine.Kind;
import io.cotidal.engine.OperationType;
import io.cotidal.engine.State;
import io.cotidal.feeds.actions.FeedsActions;
import io.cotidal.feeds.observe.FeedsFacts;
import io.cotidal.feeds.spec.FeedsSpec;
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
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What replicas of published datasets contribute to the engine. */
public final class FeedsKind implements Kind<FeedsSpec, FeedsFacts> {
  /**
   * Only a look shows what these changed, or how a table is after it; all else is in the jobs'
   * rows.
   */
  private static final Set<String> LOOKED_FOR = Set.of(Acts.LEARN, Acts.MARK, Acts.TRIM, Acts.DROP);

  private final Map<String, OperationType<FeedsSpec, FeedsFacts>> types =
      Stream.<OperationType<FeedsSpec, FeedsFacts>>of(
              new Publish(),
              new Withdraw(),
              new RollBack(),
              new Learn(),
              Single.mark(),
              Single.clean(),
              Note.forget(),
              Note.retry())
          .collect(Collectors.toUnmodifiableMap(FeedsKind::word, Function.identity()));

  private static String word(OperationType<FeedsSpec, FeedsFacts> type) {
    return type.name();
  }

  @Override
  public String name() {
    return "feeds";
  }

  @Override
  public Object essence(FeedsSpec spec, FeedsFacts facts) {
    return Essence.of(facts);
  }

  @Override
  public FeedsDiagnosis diagnose(FeedsSpec spec, State<FeedsFacts> state) {
    return new Doctor(new Picture(spec, state)).diagnose();
  }

  @Override
  public List<Wanted> plan(FeedsSpec spec, State<FeedsFacts> state) {
    return new Planner(new Picture(spec, state)).plan();
  }

  @Override
  public long due(FeedsSpec spec, State<FeedsFacts> state) {
    return Planner.due(spec, new Picture(spec, state));
  }

  @Override
  public boolean awaitsLook(Step step) {
    return LOOKED_FOR.contains(step.act()) || step.key().equals(Work.BACK);
  }

  @Override
  public Optional<OperationType<FeedsSpec, FeedsFacts>> operation(String type) {
    return Optional.ofNullable(types.get(type));
  }

  /** The one beat tells the master that this replica is alive, and brings it what waits. */
  @Override
  public Optional<MemberId> heartbeat(FeedsSpec spec, State<FeedsFacts> state) {
    return spec.status().isPresent() ? Optional.of(FeedsSpec.REPOSITORY) : Optional.empty();
  }

  /** The configuration names all members. */
  @Override
  public FeedsSpec withMembers(FeedsSpec spec, List<Found> found) {
    return spec;
  }

  @Override
  public List<MemberView> members(FeedsSpec spec, State<FeedsFacts> state) {
    return new Screens(new Picture(spec, state)).members();
  }

  @Override
  public List<LinkView> links(FeedsSpec spec, State<FeedsFacts> state) {
    return new Screens(new Picture(spec, state)).links();
  }

  @Override
  public String guarantee(FeedsSpec spec, State<FeedsFacts> state) {
    return "";
  }

  @Override
  public List<Action> actions() {
    return FeedsActions.ALL;
  }

  @Override
  public Details prepare(FeedsSpec spec, State<FeedsFacts> state, Command.Begin asked) {
    return new Requests(new Picture(spec, state)).prepare(asked);
  }
}
