package io.cotidal.directory.plan;

import io.cotidal.directory.graph.Edge;
import io.cotidal.directory.observe.Agreement;
import io.cotidal.directory.observe.DirectoryFacts;
import io.cotidal.directory.observe.Replica;
import io.cotidal.directory.plan.Picture.Standing;
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
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Put right on one member what somebody changed: its replication settings, the suppliers' account,
 * agreements of ours that differ from what is wanted, passwords that are refused.
 */
final class Mend implements OperationType<DirectorySpec, DirectoryFacts> {
  static final String NAME = "mend";

  /** Input: the member. */
  static final String MEMBER = "member";

  /** Input: its replica id, if its settings or account are to be made anew. */
  static final String ID = "id";

  /** Input: consumers of its agreements that differ. */
  static final String EDGES = "edges";

  /** Input: consumers that refuse its password. */
  static final String REFUSED = "refused";

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
    return List.of(Lock.member(new MemberId(input.need(MEMBER))));
  }

  @Override
  public Continuation steps(
      Details input, Run run, DirectorySpec spec, State<DirectoryFacts> state) {
    MemberId member = new MemberId(input.need(MEMBER));
    if (run.occasion() == Run.Occasion.CANCEL) {
      return Continuation.finished();
    }
    if (spec.server(member).isEmpty()) {
      return new Continuation.Moot(member + " is no member any more");
    }
    List<Step> steps = new ArrayList<>();
    Set<String> first = new HashSet<>();
    if (input.has(ID)) {
      Step prepare = Moves.prepare(member, Integer.parseInt(input.need(ID)));
      steps.add(prepare);
      first.add(prepare.key());
    }
    List<MemberId> refused = present(spec, input.get(REFUSED, ""));
    if (!refused.isEmpty()) {
      // Both ends: the consumer's account, and what the supplier logs in with.
      for (MemberId consumer : refused) {
        steps.add(Moves.rotate(consumer).after(first));
      }
      steps.add(Moves.rotate(member).after(first));
    }
    List<MemberId> touched = new ArrayList<>(refused);
    Set<String> before = new HashSet<>();
    steps.forEach(step -> before.add(step.key()));
    for (MemberId consumer : present(spec, input.get(EDGES, ""))) {
      Step link = Moves.link(spec, new Edge(member, consumer)).orElseThrow().after(first);
      steps.add(link);
      before.add(link.key());
      touched.add(consumer);
    }
    if (!touched.isEmpty()) {
      steps.add(Moves.poke(member, new TreeSet<>(touched)).after(before));
    }
    return Works.rest(run, steps);
  }

  private static List<MemberId> present(DirectorySpec spec, String names) {
    return Moves.members(names).stream().filter(one -> spec.server(one).isPresent()).toList();
  }

  /** What there is to mend on {@code member}; nothing if it is as it should be. */
  static Details wanted(Picture picture, MemberId member) {
    DirectoryFacts facts = picture.facts(member);
    Integer given = picture.ledger.id(member);
    if (facts == null || given == null) {
      return Details.NONE;
    }
    Details wanted = Details.NONE;
    Replica replica = facts.replica();
    if (replica == null
        || !replica.account()
        || !replica.supplier()
        || !replica.settings().isEmpty()) {
      wanted = wanted.with(ID, replica == null ? given : replica.id());
    }
    List<MemberId> drifted = new ArrayList<>();
    picture
        .paths
        .drifted()
        .forEach(edge -> {
          if (edge.from().equals(member) && picture.belongs(edge.to())) {
            drifted.add(edge.to());
          }
        });
    List<MemberId> refused = new ArrayList<>();
    for (Edge edge : picture.paths.with(Agreement.Status.CREDENTIALS)) {
      Agreement agreement = picture.paths.present().get(edge);
      if (agreement != null
          && agreement.owned()
          && edge.from().equals(member)
          && picture.standing(edge.to()) == Standing.IN
          && picture.answers(edge.to())) {
        // One that is to be taken in gets its account with all the rest.
        refused.add(edge.to());
      }
    }
    wanted = drifted.isEmpty() ? wanted : wanted.with(EDGES, Moves.names(drifted));
    wanted = refused.isEmpty() ? wanted : wanted.with(REFUSED, Moves.names(refused));
    return wanted.isEmpty() ? wanted : wanted.with(MEMBER, member);
  }
}
