package io.cotidal.directory.target;

import io.cotidal.directory.graph.Edge;
import io.cotidal.directory.observe.DirectoryFacts;
import io.cotidal.directory.spec.Server;
import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.model.MemberId;
import io.cotidal.model.Observation;
import io.cotidal.model.Outcome;
import io.cotidal.model.Progress;
import io.cotidal.model.Stamp;
import io.cotidal.model.Step;
import io.cotidal.remote.Deadline;
import java.util.List;
import java.util.function.Consumer;

/**
 * The servers of one directory, each over kept connections of its own. Calls block until their
 * deadline; they may come for several servers, and several for one, at the same time.
 */
public interface Servers extends AutoCloseable {
  /** On which end of an edge its agreement lies. */
  MemberId holder(Edge edge);

  /**
   * One look, read-only: at most two operations on the server while nothing is amiss. Never throws
   * for what a server does or fails to do.
   *
   * @param known all members, for telling whom an agreement leads to
   */
  Observation<DirectoryFacts> look(Server server, List<Server> known, Deadline deadline);

  /**
   * What is to be done on a server.
   *
   * @param known all members, for telling whom a step speaks of
   * @param progress hears of it while it takes long
   */
  record Order(Step step, Stamp stamp, List<Server> known, Consumer<Progress> progress) {
    /** Copies the list. */
    public Order {
      known = List.copyOf(known);
    }

    /** Of which nobody wants to hear before its end. */
    public Order(Step step, Stamp stamp, List<Server> known) {
      this(step, stamp, known, _ -> {});
    }
  }

  /**
   * Lets the server remember {@code stamp} unless it remembers a newer one.
   *
   * @return what it remembered, as evidence {@code before}; {@link Outcome.Refused} with a newer
   *     one
   */
  Outcome stamp(Server server, Stamp stamp, Deadline deadline);

  /** Does a step of {@code plan.Acts}, unless the server remembers a newer stamp. */
  Outcome act(Server server, Order order);

  /**
   * Whether the effect of the step is there. Waits for an act of this process that is still at it,
   * and lets nobody older act afterwards.
   */
  Inspection inspect(Server server, Order order);

  /** What {@code doctor} may say of a server beforehand: certificates, clocks, free changelog. */
  Details preflight(Server server, Deadline deadline);

  /** Closes the connections. */
  @Override
  void close();
}
