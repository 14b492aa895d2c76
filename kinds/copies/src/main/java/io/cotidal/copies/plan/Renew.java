package io.cotidal.copies.plan;

import io.cotidal.copies.observe.CopiesFacts;
import io.cotidal.copies.spec.CopiesSpec;
import io.cotidal.engine.Continuation;
import io.cotidal.engine.OperationType;
import io.cotidal.engine.Run;
import io.cotidal.engine.State;
import io.cotidal.model.Details;
import io.cotidal.model.Item;
import io.cotidal.model.ItemChange;
import io.cotidal.model.Lock;
import io.cotidal.model.Risk;
import io.cotidal.model.Step;
import java.util.List;
import java.util.Optional;

/** Let a copy live longer, counted from now. */
final class Renew implements OperationType<CopiesSpec, CopiesFacts> {
  static final String NAME = "renew";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Risk risk() {
    return Risk.SAFE;
  }

  @Override
  public List<Lock> locks(Details input) {
    return Changes.lock(Shelf.COPY, input.need(Acts.NAME));
  }

  @Override
  public Continuation steps(Details input, Run run, CopiesSpec spec, State<CopiesFacts> state) {
    String name = input.need(Acts.NAME);
    Optional<Item> copy = new Shelf(state).copy(name);
    if (copy.isEmpty()) {
      return new Continuation.Moot("copy " + name + " is gone");
    }
    Item item = copy.get();
    long ttl = Long.parseLong(input.need(Create.TTL));
    long expires = ttl == 0 ? 0 : state.now().micros() + ttl;
    Step renew =
        Step.decision(NAME, "let " + name + " live on", Details.of(Create.TTL, ttl))
            .changing(
                new ItemChange.Put(
                    item.sort(), name, item.owner(), item.state(), Details.NONE, expires));
    return run.isDone(NAME) ? Continuation.finished() : Continuation.rest(List.of(renew));
  }
}
