package io.cotidal.directory.steps;

import io.cotidal.directory.graph.Edge;
import io.cotidal.directory.observe.DirectoryFacts;
import io.cotidal.directory.plan.Acts;
import io.cotidal.directory.spec.DirectorySpec;
import io.cotidal.directory.spec.Server;
import io.cotidal.directory.target.Servers;
import io.cotidal.engine.Driver;
import io.cotidal.model.Details;
import io.cotidal.model.Host;
import io.cotidal.model.Inspection;
import io.cotidal.model.MemberId;
import io.cotidal.model.Observation;
import io.cotidal.model.Outcome;
import io.cotidal.model.Progress;
import io.cotidal.model.Stamp;
import io.cotidal.model.Step;
import io.cotidal.remote.Deadline;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The members of a directory, wherever a source says that they are just now. A member that left is
 * found at the address that its step bears. Thread-safe.
 */
public final class DirectoryDriver implements Driver<DirectoryFacts> {
  private static final Set<String> OF_AN_EDGE = Set.of(Acts.LINK, Acts.UNLINK, Acts.ADOPT);

  private final Supplier<? extends DirectorySpec> spec;
  private final Servers servers;

  /**
   * Touches nothing yet.
   *
   * @param spec with the members of this moment; asked anew for every call
   */
  public DirectoryDriver(Supplier<? extends DirectorySpec> spec, Servers servers) {
    this.spec = spec;
    this.servers = servers;
  }

  @Override
  public Observation<DirectoryFacts> observe(MemberId member, Duration deadline) {
    DirectorySpec now = spec.get();
    Optional<Server> server = now.server(member);
    return server.isPresent()
        ? servers.look(server.get(), now.servers(), Deadline.in(deadline))
        : new Observation.CannotTell<>(member + " is no member any more", Host.UNKNOWN);
  }

  @Override
  public Outcome stamp(MemberId member, Stamp stamp, Duration deadline) {
    Optional<Server> server = spec.get().server(member);
    return server.isPresent()
        ? servers.stamp(server.get(), stamp, Deadline.in(deadline))
        : new Outcome.Failed(member + " is no member any more");
  }

  @Override
  public Outcome act(Step step, Stamp stamp, Consumer<Progress> progress) {
    DirectorySpec now = spec.get();
    Optional<Server> server = place(step, now);
    return server.isPresent()
        ? servers.act(server.get(), new Servers.Order(step, stamp, now.servers(), progress))
        : new Outcome.Failed(
            step.member() + " is no member any more, and nobody knows where it is");
  }

  @Override
  public Inspection inspect(Step step, Stamp stamp) {
    DirectorySpec now = spec.get();
    Optional<Server> server = place(step, now);
    return server.isPresent()
        ? servers.inspect(server.get(), new Servers.Order(step, stamp, now.servers()))
        : new Inspection.Unknown(
            step.member() + " is no member any more, and nobody knows where it is");
  }

  /** Where the step is done: an edge's on the end that keeps its agreement. */
  private Optional<Server> place(Step step, DirectorySpec now) {
    MemberId member = step.member();
    if (member == null) {
      return Optional.empty();
    }
    Details arguments = step.arguments();
    if (OF_AN_EDGE.contains(step.act())) {
      Edge edge =
          new Edge(new MemberId(arguments.need(Acts.FROM)), new MemberId(arguments.need(Acts.TO)));
      return now.server(servers.holder(edge));
    }
    return now.server(member).or(() -> departed(step, member));
  }

  private static Optional<Server> departed(Step step, MemberId member) {
    Details arguments = step.arguments();
    return step.act().equals(Acts.RETIRE) && arguments.has(Acts.HOST)
        ? Optional.of(
            new Server(
                member,
                arguments.need(Acts.HOST),
                Integer.parseInt(arguments.get(Acts.PORT, "0")),
                Details.NONE))
        : Optional.empty();
  }

  /** Canaries are written when somebody asks for a proof, and only then. */
  @Override
  public void heartbeat(MemberId member, Stamp stamp, Duration deadline) {}

  @Override
  public void close() {
    servers.close();
  }
}
