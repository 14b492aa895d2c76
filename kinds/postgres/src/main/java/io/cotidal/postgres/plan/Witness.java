package io.cotidal.postgres.plan;

import io.cotidal.engine.Continuation;
import io.cotidal.engine.MemberState;
import io.cotidal.engine.OperationType;
import io.cotidal.engine.Remarks;
import io.cotidal.engine.Remarks.Remark;
import io.cotidal.engine.Run;
import io.cotidal.engine.State;
import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.model.Report;
import io.cotidal.model.Severity;
import io.cotidal.model.Step;
import io.cotidal.model.Wanted;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.plan.cluster.Inputs;
import io.cotidal.postgres.plan.cluster.PgDiagnosis;
import io.cotidal.postgres.plan.succession.Rehearsal;
import io.cotidal.postgres.spec.PostgresSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Says of a cluster that somebody else runs what Cotidal would have begun, once each, and what came
 * of it by others.
 */
final class Witness {
  /** Begins the code of what would have begun. */
  static final String WOULD = "would-";

  /** The code of a change of primary by somebody else. */
  static final String MOVED = "moved-by-others";

  /** Memory: who was primary when one last answered, and on which timeline. */
  private static final String PRIMARY = "primary";

  private static final String TIMELINE = "timeline";

  /** Memory: when it had answered last, microseconds of wall time; while it does not answer. */
  private static final String LOST = "lost";

  /** Memory: whom we would have promoted, and when that would have begun. */
  private static final String CANDIDATE = "candidate";

  private static final String BEGUN = "begun";

  /** What of a rehearsal is told beside an operation. */
  private static final Set<String> JUDGED = Set.of("candidate", "proof", "loss", "outage");

  /** Memory: begins the names of what was said. */
  private static final String SAID = "said ";

  private final PostgresSpec spec;
  private final State<PgFacts> state;
  private final Function<String, Optional<OperationType<PostgresSpec, PgFacts>>> types;

  Witness(
      PostgresSpec spec,
      State<PgFacts> state,
      Function<String, Optional<OperationType<PostgresSpec, PgFacts>>> types) {
    this.spec = spec;
    this.state = state;
    this.types = types;
  }

  /** What is to be said now. */
  Remarks remark(Details before) {
    Optional<Onlooker> looking = Onlooker.of(spec, state);
    if (looking.isEmpty()) {
      return Remarks.none(before);
    }
    Onlooker onlooker = looking.get();
    List<Remark> said = new ArrayList<>();
    Details memory = before;
    if (onlooker.primary().answers()) {
      Optional<Remark> moved = moved(onlooker, before);
      moved.ifPresent(said::add);
      memory = moved.isPresent() ? Details.NONE : memory.without(LOST);
      memory =
          memory.with(PRIMARY, onlooker.primary().id()).with(TIMELINE, onlooker.known().timeline());
    } else {
      memory = memory.with(LOST, answered(onlooker.primary()));
    }
    List<Wanted> care = onlooker.care();
    for (Wanted want : care) {
      String name = SAID + want.type() + " " + want.input();
      if (!memory.has(name)) {
        memory = memory.with(name, "");
        memory = would(onlooker, want, memory, said);
      }
    }
    boolean over = care.isEmpty() && onlooker.diagnosis() instanceof PgDiagnosis.NotAdopted;
    return new Remarks(over ? forgotten(memory) : memory, said);
  }

  /** A later trouble of the same kind is another one. */
  private static Details forgotten(Details memory) {
    Details rest = memory.without(CANDIDATE).without(BEGUN);
    for (String name : memory.entries().keySet()) {
      rest = name.startsWith(SAID) ? rest.without(name) : rest;
    }
    return rest;
  }

  private Details would(Onlooker onlooker, Wanted want, Details before, List<Remark> said) {
    boolean succession = want.input().has(Inputs.FROM);
    Details facts =
        Details.of("reason", want.reason())
            .with("begins", want.automatic() ? "by itself" : "after an approval")
            .with(steps(onlooker, want));
    Details memory = before;
    String text = "would begin " + want.type() + ": " + want.reason();
    if (succession) {
      Optional<MemberId> candidate = promoted(onlooker, want);
      text +=
          candidate
              .map(chosen -> "; would promote " + chosen)
              .orElse("; nobody could be promoted now");
      facts =
          facts
              .with(judged(onlooker))
              .with("silent-ms", (now() - answered(onlooker.primary())) / 1_000);
      memory = memory.with(CANDIDATE, candidate.map(MemberId::name).orElse("")).with(BEGUN, now());
    }
    String code = WOULD + want.type();
    said.add(new Remark(Severity.INFO, code, text + "; mode observe: nothing was done", facts));
    return memory;
  }

  /** The steps that are known beforehand, numbered; or why there are none. */
  private Details steps(Onlooker onlooker, Wanted want) {
    OperationType<PostgresSpec, PgFacts> type = types.apply(want.type()).orElseThrow();
    Continuation first = type.steps(want.input(), Run.begin(), spec, onlooker.supposed());
    return switch (first) {
      case Continuation.Rest rest -> {
        List<Step> all = new ArrayList<>(rest.steps());
        all.addAll(type.predicted(want.input(), spec, onlooker.supposed()));
        Details numbered = Details.NONE;
        for (int i = 0; i < all.size(); i++) {
          String name = String.format(Locale.ROOT, "step-%02d", i + 1);
          numbered = numbered.with(name, all.get(i).sentence());
        }
        yield numbered;
      }
      case Continuation.Wait wait -> Details.of("waits", wait.reason());
      case Continuation.Moot moot -> Details.of("moot", moot.reason());
      case Continuation.GiveUp up -> Details.of("fails", up.reason());
      case Continuation.Stuck stuck -> Details.of("stuck", stuck.reason());
    };
  }

  private Optional<MemberId> promoted(Onlooker onlooker, Wanted want) {
    return types
        .apply(want.type())
        .orElseThrow()
        .predicted(want.input(), spec, onlooker.supposed())
        .stream()
        .filter(step -> step.act().equals(Acts.PROMOTE))
        .flatMap(step -> Optional.ofNullable(step.member()).stream())
        .findFirst();
  }

  /** Why that one, by what it would be proven, what would be lost, for how long. */
  private Details judged(Onlooker onlooker) {
    Details judged = Details.NONE;
    for (Report.Line line : new Rehearsal(spec, onlooker.supposed()).report().lines()) {
      if (JUDGED.contains(line.subject())) {
        judged = judged.with(line.subject(), line.sentence());
      }
    }
    return judged;
  }

  private Optional<Remark> moved(Onlooker onlooker, Details before) {
    Optional<String> old = before.find(PRIMARY);
    String now = onlooker.primary().id().name();
    long timeline = onlooker.known().timeline();
    boolean same = old.equals(Optional.of(now));
    if (old.isEmpty() || (same && timeline <= Long.parseLong(before.need(TIMELINE)))) {
      return Optional.empty();
    }
    Details facts = Details.of("from", old.get()).with("to", now).with("timeline", timeline);
    String text =
        same
            ? now + " is primary again, on timeline " + timeline
            : now + " is primary now, on timeline " + timeline + ", and " + old.get() + " was";
    text += "; others did that";
    Optional<Long> lost = before.find(LOST).map(Long::valueOf);
    if (lost.isPresent()) {
      long millis = (now() - lost.get()) / 1_000;
      facts = facts.with("others-ms", millis);
      text += ", " + millis + " ms after " + old.get() + " had answered last";
    }
    Optional<String> candidate = before.find(CANDIDATE);
    if (candidate.isPresent()) {
      facts = facts.with("candidate", candidate.get()).with("same", candidate.get().equals(now));
      text += "; " + compared(candidate.get(), now);
      if (lost.isPresent()) {
        long begun = (Long.parseLong(before.need(BEGUN)) - lost.get()) / 1_000;
        facts = facts.with("would-begin-ms", begun);
        text += ", and would have begun after " + begun + " ms";
      }
    }
    return Optional.of(new Remark(Severity.INFO, MOVED, text, facts));
  }

  private static String compared(String candidate, String chosen) {
    if (candidate.isEmpty()) {
      return "Cotidal would have promoted nobody";
    }
    return candidate.equals(chosen)
        ? "Cotidal would have promoted it, too"
        : "Cotidal would have promoted " + candidate;
  }

  private long now() {
    return state.now().micros();
  }

  /** When the member answered last, by the wall. */
  private long answered(MemberState<PgFacts> member) {
    return now() - state.now().nanosSince(member.knownAt()) / 1_000;
  }
}
