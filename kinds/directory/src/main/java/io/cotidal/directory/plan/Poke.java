package io.cotidal.directory.plan;

import io.cotidal.directory.observe.DirectoryFacts;
import io.cotidal.directory.spec.DirectorySpec;
import io.cotidal.engine.Continuation;
import io.cotidal.engine.OperationType;
import io.cotidal.engine.Run;
import io.cotidal.engine.State;
import io.cotidal.model.Details;
import io.cotidal.model.Lock;
import io.cotidal.model.MemberId;
import io.cotidal.model.Risk;
import io.cotidal.model.Step;
import java.util.ArrayList;
import java.util.List;

/**
 * A member is back whose suppliers still pause: they are told to try again at once. 389 DS doubles
 * its pauses up to five minutes.
 */
final class Poke implements OperationType<DirectorySpec, DirectoryFacts> {
  static final String NAME = "poke";

  /** Input: who came back. */
  static final String MEMBER = "member";

  /** Input: its suppliers. */
  static final String SUPPLIERS = "suppliers";

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
    return List.of(new Lock("poke:" + input.need(MEMBER), true));
  }

  @Override
  public Continuation steps(
      Details input, Run run, DirectorySpec spec, State<DirectoryFacts> state) {
    if (run.occasion() == Run.Occasion.CANCEL) {
      return Continuation.finished();
    }
    MemberId member = new MemberId(input.need(MEMBER));
    List<Step> steps = new ArrayList<>();
    for (MemberId supplier : Moves.members(input.need(SUPPLIERS))) {
      if (spec.server(supplier).isPresent()) {
        steps.add(Moves.poke(supplier, List.of(member)));
      }
    }
    return Works.rest(run, steps);
  }
}
