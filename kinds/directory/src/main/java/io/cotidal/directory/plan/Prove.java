package io.cotidal.directory.plan;

import io.cotidal.directory.graph.Graphs;
import io.cotidal.directory.graph.Proof;
import io.cotidal.directory.observe.Csn;
import io.cotidal.directory.observe.DirectoryFacts;
import io.cotidal.directory.observe.Vector;
import io.cotidal.directory.spec.DirectorySpec;
import io.cotidal.engine.Continuation;
import io.cotidal.engine.MemberState;
import io.cotidal.engine.OperationType;
import io.cotidal.engine.Run;
import io.cotidal.engine.State;
import io.cotidal.model.Details;
import io.cotidal.model.Lock;
import io.cotidal.model.MemberId;
import io.cotidal.model.Risk;
import io.cotidal.model.Step;
import io.cotidal.model.StepRecord;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Prove that what is written anywhere is seen everywhere. A status says that a session ended well,
 * not that anybody has anything: so a canary is written at every member and waited for at every
 * other, and then everybody must hold all changes that anybody held when it began.
 */
final class Prove implements OperationType<DirectorySpec, DirectoryFacts> {
  static final String NAME = "prove";

  /** Input: {@code true} to compare the content of all entries too. */
  static final String DIGEST = "digest";

  /** Evidence of the verdict. */
  static final String CONVERGED = "converged";

  private static final String BEGIN = "begin";
  private static final String VERDICT = "verdict";
  private static final String CHANGES = "changes";
  private static final String MILLIS = "millis.";

  private final Graphs graphs;

  Prove(Graphs graphs) {
    this.graphs = graphs;
  }

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
    return List.of(new Lock(NAME, true));
  }

  @Override
  public Continuation steps(
      Details input, Run run, DirectorySpec spec, State<DirectoryFacts> state) {
    if (run.occasion() == Run.Occasion.CANCEL || run.isDone(VERDICT)) {
      return Continuation.finished();
    }
    Picture picture = new Picture(spec, state, graphs);
    if (!run.isDone(BEGIN)) {
      return begin(input, picture);
    }
    List<MemberId> members = Moves.members(run.evidence(BEGIN).need(Acts.MEMBERS));
    List<Step> canaries = canaries(members);
    if (!Works.over(run, canaries)) {
      return Works.rest(run, canaries);
    }
    if (Works.rest(run, canaries) instanceof Continuation.GiveUp failed) {
      return new Continuation.GiveUp("not converged: " + failed.reason());
    }
    List<Step> digests =
        input.get(DIGEST, "false").equals("true")
            ? members.stream().map(Moves::digest).toList()
            : List.of();
    if (!Works.over(run, digests)) {
      List<Step> rest = new ArrayList<>();
      digests.forEach(step -> rest.add(step.thenDecide()));
      return Works.rest(run, rest);
    }
    if (Works.rest(run, digests) instanceof Continuation.GiveUp failed) {
      return failed;
    }
    return verdict(run, picture, members, digests);
  }

  private static Continuation begin(Details input, Picture picture) {
    SortedSet<MemberId> members = picture.belonging();
    for (MemberId member : picture.spec.members()) {
      if (!members.contains(member) || !picture.answers(member)) {
        return new Continuation.GiveUp(
            "not converged: "
                + member
                + (picture.answers(member) ? " holds other data" : " does not answer"));
      }
    }
    Details evidence =
        Details.of(Acts.MEMBERS, Moves.names(members)).with(CHANGES, changes(picture, members));
    Step begin =
        Step.decision(
            BEGIN,
            "prove that "
                + Moves.names(members)
                + " converge"
                + (input.get(DIGEST, "false").equals("true") ? ", entry by entry" : ""),
            evidence);
    List<Step> steps = new ArrayList<>();
    steps.add(begin);
    canaries(new ArrayList<>(members)).forEach(step -> steps.add(step.after(begin)));
    return Continuation.rest(steps);
  }

  private static List<Step> canaries(List<MemberId> members) {
    List<Step> steps = new ArrayList<>();
    members.forEach(member -> steps.add(Moves.canary(member, members).thenDecide()));
    return steps;
  }

  /** The newest change of each replica that anybody holds. */
  private static String changes(Picture picture, Iterable<MemberId> members) {
    SortedMap<Integer, Csn> newest = new TreeMap<>();
    for (MemberId member : members) {
      DirectoryFacts facts = picture.facts(member);
      if (facts != null) {
        facts
            .vector()
            .elements()
            .forEach((replica, element) -> {
              Csn latest = element.latest();
              if (latest != null) {
                newest.merge(replica, latest, (a, b) -> a.compareTo(b) >= 0 ? a : b);
              }
            });
      }
    }
    List<String> texts = new ArrayList<>();
    newest.forEach((replica, csn) -> texts.add(replica + ":" + csn));
    return String.join(",", texts);
  }

  private static Continuation verdict(
      Run run, Picture picture, List<MemberId> members, List<Step> digests) {
    SortedSet<MemberId> unseen = new TreeSet<>();
    List<String> lacking = new ArrayList<>();
    Set<Integer> written = ids(picture, members);
    for (MemberId member : members) {
      MemberState<DirectoryFacts> now = picture.state.member(member);
      DirectoryFacts facts = now == null ? null : now.facts();
      if (now == null || facts == null || !lookedSince(run, picture, now)) {
        unseen.add(member);
      } else if (!holds(facts.vector(), run.evidence(BEGIN).get(CHANGES, ""), written)) {
        lacking.add(member.name());
      }
    }
    if (!unseen.isEmpty()) {
      return new Continuation.Wait("a look at " + Moves.names(unseen), List.copyOf(unseen));
    }
    Proof proof = picture.proof();
    Details evidence = Details.of("proof", proof.sentence());
    for (MemberId member : members) {
      Details seen = run.evidence(Moves.canary(member, members).key());
      for (Map.Entry<String, String> one : seen.entries().entrySet()) {
        if (one.getKey().startsWith(MILLIS)) {
          evidence =
              evidence.with(
                  MILLIS + member + "." + one.getKey().substring(MILLIS.length()), one.getValue());
        }
      }
    }
    SortedSet<String> contents = new TreeSet<>();
    for (Step digest : digests) {
      Details read = run.evidence(digest.key());
      String content =
          read.get(Acts.DIGEST, "") + " of " + read.get(Acts.ENTRIES, "?") + " entries";
      evidence = evidence.with("digest." + digest.member(), content);
      contents.add(content);
    }
    String why =
        !lacking.isEmpty()
            ? String.join(", ", lacking) + " lack changes that others held when it began"
            : contents.size() > 1 ? "the contents differ" : "";
    boolean converged = why.isEmpty();
    Step verdict =
        Step.decision(
            VERDICT,
            converged
                ? "converged: every write is seen at all "
                    + members.size()
                    + " members; "
                    + proof.sentence()
                : "not converged: " + why,
            evidence.with(CONVERGED, converged));
    return converged
        ? Continuation.rest(List.of(verdict))
        : new Continuation.GiveUp("not converged: " + why);
  }

  /** Whether the latest look at the member began after its canary was seen everywhere. */
  private static boolean lookedSince(Run run, Picture picture, MemberState<DirectoryFacts> member) {
    long ended = 0;
    for (StepRecord row : run.rows()) {
      ended = row.step().act().equals(Acts.CANARY) ? Math.max(ended, row.endedMicros()) : ended;
    }
    long age = picture.state.now().nanosSince(member.observedAt()) / 1_000;
    return picture.state.now().micros() - age >= ended;
  }

  /** The replicas of which every member has shown a canary. */
  private static Set<Integer> ids(Picture picture, List<MemberId> members) {
    Set<Integer> ids = new HashSet<>();
    for (MemberId member : members) {
      DirectoryFacts facts = picture.facts(member);
      if (facts != null && facts.replica() != null) {
        ids.add(facts.replica().id());
      }
    }
    return ids;
  }

  /**
   * Whether it has these changes. What it keeps quiet about, the canary tells: the changes of one
   * replica come in their order.
   */
  private static boolean holds(Vector vector, String changes, Set<Integer> written) {
    if (changes.isEmpty()) {
      return true;
    }
    for (String one : changes.split(",", -1)) {
      int colon = one.indexOf(':');
      int replica = Integer.parseInt(one.substring(0, colon));
      Csn wanted = Csn.parse(one.substring(colon + 1));
      Csn has = vector.latest(replica);
      if (has == null ? !written.contains(replica) : has.compareTo(wanted) < 0) {
        return false;
      }
    }
    return true;
  }
}
