package io.cotidal.directory.plan;

import io.cotidal.directory.actions.DirectoryActions;
import io.cotidal.directory.graph.Graphs;
import io.cotidal.directory.observe.Agreement;
import io.cotidal.directory.observe.Credentials;
import io.cotidal.directory.observe.DirectoryFacts;
import io.cotidal.directory.observe.Replica;
import io.cotidal.directory.spec.DirectorySpec;
import io.cotidal.directory.spec.Security;
import io.cotidal.directory.spec.Server;
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
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What replicated directories contribute to the engine. */
public final class DirectoryKind implements Kind<DirectorySpec, DirectoryFacts> {
  /** Acts whose effect the rows tell, or that an act of the same operation follows. */
  private static final Set<String> QUIET =
      Set.of(Acts.PREPARE, Acts.LINK, Acts.CANARY, Acts.DIGEST_OF);

  private final Graphs graphs = new Graphs();
  private final Map<String, OperationType<DirectorySpec, DirectoryFacts>> types =
      Stream.<OperationType<DirectorySpec, DirectoryFacts>>of(
              new Build(graphs),
              new Relink(graphs),
              new Mend(),
              new Poke(),
              new Remove(graphs),
              new Reinitialise(graphs),
              new Adopt(),
              new Rotate(graphs),
              new Prove(graphs))
          .collect(Collectors.toUnmodifiableMap(OperationType::name, Function.identity()));

  /** What of a look can change a plan: no change number, no time. */
  private record Essence(
      boolean suffix,
      boolean initialising,
      long entries,
      @Nullable Replica replica,
      String generation,
      Set<Integer> ids,
      List<Order> orders,
      String machine,
      boolean skewed) {}

  /** What of an agreement can. A session that begins or ends says nothing. */
  private record Order(
      String name,
      @Nullable MemberId to,
      String host,
      int port,
      @Nullable Security security,
      String bindDn,
      boolean owned,
      boolean enabled,
      Credentials credentials,
      Agreement.Status status) {
    static Order of(Agreement it) {
      boolean sends =
          it.status() == Agreement.Status.SENDING
              || it.status() == Agreement.Status.NONE_YET
              || it.status() == Agreement.Status.BUSY;
      return new Order(
          it.name(),
          it.to(),
          it.host(),
          it.port(),
          it.security(),
          it.bindDn(),
          it.owned(),
          it.enabled(),
          it.credentials(),
          sends ? Agreement.Status.SUCCEEDED : it.status());
    }
  }

  @Override
  public String name() {
    return "directory";
  }

  @Override
  public Object essence(DirectorySpec spec, DirectoryFacts facts) {
    return new Essence(
        facts.suffix(),
        facts.initialising(),
        // How many beyond the suffix entry changes nothing.
        Math.min(facts.entries(), 2),
        facts.replica(),
        facts.vector().generation(),
        new TreeSet<>(facts.vector().elements().keySet()),
        facts.agreements().stream().map(Order::of).toList(),
        facts.machine(),
        Math.abs(facts.skewMillis()) > spec.guards().skew().toMillis());
  }

  private Picture picture(DirectorySpec spec, State<DirectoryFacts> state) {
    return new Picture(spec, state, graphs);
  }

  @Override
  public DirectoryDiagnosis diagnose(DirectorySpec spec, State<DirectoryFacts> state) {
    return new Doctor(picture(spec, state)).diagnose();
  }

  @Override
  public List<Wanted> plan(DirectorySpec spec, State<DirectoryFacts> state) {
    Picture picture = picture(spec, state);
    return new Planner(picture).plan(new Doctor(picture).diagnose());
  }

  /**
   * Links that fall behind, and members that catch up, are no news of any single look: they are
   * looked for by the clock.
   */
  @Override
  public long due(DirectorySpec spec, State<DirectoryFacts> state) {
    long lag = Math.max(1_000, spec.guards().lag().toMillis() / 2);
    boolean awaited = new Planner(picture(spec, state)).awaitsChanges();
    return state.now().micros() + (awaited ? Math.min(lag, spec.tick().toMillis()) : lag) * 1_000;
  }

  @Override
  public boolean awaitsLook(Step step) {
    return !QUIET.contains(step.act());
  }

  @Override
  public Optional<OperationType<DirectorySpec, DirectoryFacts>> operation(String type) {
    return Optional.ofNullable(types.get(type));
  }

  /** Directories are proven by canaries, when somebody asks. */
  @Override
  public Optional<MemberId> heartbeat(DirectorySpec spec, State<DirectoryFacts> state) {
    return Optional.empty();
  }

  @Override
  public DirectorySpec withMembers(DirectorySpec spec, List<Found> found) {
    return spec.withServers(found.stream().map(DirectoryKind::server).toList());
  }

  private static Server server(Found found) {
    Details attributes = found.attributes();
    return new Server(
        found.id(),
        attributes.get(Found.HOST, found.id().name()),
        Integer.parseInt(attributes.get(Found.PORT, "0")),
        attributes.without(Found.HOST).without(Found.PORT));
  }

  @Override
  public Set<MemberId> remembered(Details ledger) {
    return new Ledger(ledger).members();
  }

  @Override
  public List<MemberView> members(DirectorySpec spec, State<DirectoryFacts> state) {
    return new Screens(picture(spec, state)).members();
  }

  @Override
  public List<LinkView> links(DirectorySpec spec, State<DirectoryFacts> state) {
    return new Screens(picture(spec, state)).links();
  }

  @Override
  public String guarantee(DirectorySpec spec, State<DirectoryFacts> state) {
    return new Screens(picture(spec, state)).guarantee();
  }

  @Override
  public List<Action> actions() {
    return DirectoryActions.ALL;
  }

  @Override
  public Details prepare(DirectorySpec spec, State<DirectoryFacts> state, Command.Begin asked) {
    return new Requests(picture(spec, state)).prepare(asked.type(), asked.input());
  }
}
