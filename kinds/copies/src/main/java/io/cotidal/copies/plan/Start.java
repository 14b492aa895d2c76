package io.cotidal.copies.plan;

import io.cotidal.copies.observe.CopiesFacts;
import io.cotidal.copies.spec.CopiesSpec;
import io.cotidal.engine.Continuation;
import io.cotidal.engine.OperationType;
import io.cotidal.engine.Run;
import io.cotidal.engine.State;
import io.cotidal.model.Details;
import io.cotidal.model.Item;
import io.cotidal.model.Lock;
import io.cotidal.model.Risk;
import io.cotidal.model.Step;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Start or stop a copy's server; port, password and data stay. */
final class Start implements OperationType<CopiesSpec, CopiesFacts> {
  static final String START = "start";
  static final String STOP = "stop";

  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final int TRIES = 2;

  private final boolean starts;

  /** The type that starts, or the one that stops. */
  Start(boolean starts) {
    this.starts = starts;
  }

  @Override
  public String name() {
    return starts ? START : STOP;
  }

  @Override
  public Risk risk() {
    return starts ? Risk.SAFE : Risk.DISRUPTIVE;
  }

  @Override
  public List<Lock> locks(Details input) {
    return Changes.lock(Shelf.COPY, input.need(Acts.NAME));
  }

  @Override
  public Continuation steps(Details input, Run run, CopiesSpec spec, State<CopiesFacts> state) {
    String name = input.need(Acts.NAME);
    Optional<Item> copy = new Shelf(state).copy(name);
    if (run.occasion() == Run.Occasion.CANCEL) {
      return Continuation.finished();
    }
    if (copy.isEmpty()) {
      return new Continuation.Moot("copy " + name + " is gone");
    }
    String id = Shelf.id(copy.get());
    Step step =
        starts
            ? Changes.act(Acts.START, id, "start " + id)
                .changing(Changes.to(copy.get(), Shelf.READY, reached()))
            : Changes.act(Acts.STOP, id, "stop " + id)
                .changing(Changes.to(copy.get(), Shelf.STOPPED, Details.NONE));
    if (run.isDone(step.key())) {
      return Continuation.finished();
    }
    return run.failures(step.key()) >= TRIES
        ? new Continuation.GiveUp(run.problem(step.key()))
        : Continuation.rest(List.of(step.within(LIMIT)));
  }

  /** What the evidence of an act that brings a server up tells of the copy. */
  static Details reached() {
    Details facts = Details.NONE;
    for (String fact :
        List.of(Acts.HOST, Acts.PORT, Acts.DATABASE, Acts.USER, Acts.METHOD, Acts.MILLIS)) {
      facts = facts.with(fact, "@" + fact);
    }
    return facts;
  }
}
