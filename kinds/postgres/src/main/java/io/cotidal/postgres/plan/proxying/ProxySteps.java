package io.cotidal.postgres.plan.proxying;

import io.cotidal.engine.Run;
import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.model.Step;
import io.cotidal.model.StepRecord;
import io.cotidal.model.StepState;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.plan.cluster.Ledger;
import io.cotidal.postgres.plan.succession.PluginSteps;
import io.cotidal.postgres.spec.Policy;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What a change of primary does with the cluster's proxies. */
final class ProxySteps {
  /** A transaction may hold the pause up for so long; then clients go on where they were. */
  static final Duration PATIENCE = Duration.ofSeconds(5);

  /** Time for the pause to be taken back, after the patience. */
  private static final Duration GRACE = Duration.ofSeconds(2);

  private static final int RESUME_TRIES = 3;
  private static final String PAUSED = "paused.";
  private static final String HOLD = "hold";
  private static final String CUT = "cut";

  /** A proxy that hangs holds a failover up for so long, and no longer. */
  private static final Duration CUT_TIME = Duration.ofMillis(800);

  private final PostgresSpec spec;
  private final Run run;
  private final MemberId old;

  ProxySteps(PostgresSpec spec, Run run, MemberId old) {
    this.spec = spec;
    this.run = run;
    this.old = old;
  }

  /** Whether an operation of ours holds that proxy's clients back, as the ledger has it. */
  static boolean heldByUs(Details ledger, MemberId proxy) {
    return ledger.has(PAUSED + proxy);
  }

  /** Leads writers to {@code primary}. */
  static Step point(Proxy proxy, MemberId primary) {
    MemberId id = proxy.id();
    return Step.act(Acts.PROXY_POINT, id, "let " + id + " lead to " + primary)
        .named(Acts.PROXY_POINT + " " + id + " " + primary)
        .with(Acts.UPSTREAM, primary)
        .within(proxy.patience())
        .writing(Details.of(PAUSED + id, ""));
  }

  private static Step pause(MemberId proxy) {
    return Step.act(Acts.PROXY_PAUSE, proxy, "let " + proxy + " hold its clients back")
        .within(PATIENCE.plus(GRACE));
  }

  /** Written before any pause: one that nobody hears of again may come late. */
  private Step hold() {
    return flagged(HOLD);
  }

  private Step flagged(String key) {
    Details flags = Details.NONE;
    for (MemberId proxy : pausing()) {
      flags = flags.with(PAUSED + proxy, "true");
    }
    return Step.decision(
            key, "from here on " + Ledger.join(pausing()) + " may hold clients back", Details.NONE)
        .writing(flags);
  }

  private static Step resume(MemberId proxy) {
    return Step.act(Acts.PROXY_RESUME, proxy, "let the clients of " + proxy + " go on")
        .within(Duration.ofSeconds(2))
        .thenDecide()
        .writing(Details.of(PAUSED + proxy, ""));
  }

  private List<MemberId> pausing() {
    return spec.practice().proxies().stream().filter(Proxy::pauses).map(Proxy::id).toList();
  }

  /** Whether the old primary has been stopped in this run: then there is no way back to it here. */
  boolean stopped() {
    return run.rows().stream()
        .anyMatch(row ->
            row.step().act().equals(Acts.STOP)
                && old.equals(row.step().member())
                && row.state() == StepState.DONE);
  }

  /** Why the change cannot be made: a proxy that did not hold its clients back. */
  Optional<String> refusal() {
    return pausing().stream()
        .map(proxy -> pause(proxy).key())
        .filter(key -> run.failures(key) > 0)
        .findFirst()
        .map(key ->
            key.substring(key.indexOf(' ') + 1)
                + " did not hold its clients back: "
                + problem(key)
                + "; they go on where they were");
  }

  private String problem(String key) {
    return run.rows().stream()
        .filter(row -> row.key().equals(key) && row.state() == StepState.FAILED)
        .map(StepRecord::problem)
        .findFirst()
        .orElse("");
  }

  /** Steps for proxies that may hold clients back although the old primary goes on. */
  List<Step> letGo() {
    if (stopped()) {
      return List.of();
    }
    List<Step> steps = new ArrayList<>();
    for (MemberId proxy : pausing()) {
      Step resume = resume(proxy);
      boolean tried =
          run.rows().stream()
              .anyMatch(
                  row -> row.key().equals(pause(proxy).key()) && row.state().mayHaveTakenEffect());
      boolean failed = run.failures(pause(proxy).key()) > 0;
      boolean due = (tried || failed) && !run.isDone(resume.key());
      if (due && run.failures(resume.key()) < RESUME_TRIES) {
        steps.add(resume);
      }
    }
    return steps;
  }

  /** These steps, with the clients held back before the old primary is stopped in order. */
  List<Step> paused(List<Step> steps) {
    List<Step> all = new ArrayList<>();
    for (Step step : steps) {
      if (!step.act().equals(Acts.STOP) || !old.equals(step.member())) {
        all.add(step);
        continue;
      }
      Set<String> before = new TreeSet<>(step.needs());
      Set<String> first = step.needs();
      if (!pausing().isEmpty() && !run.isDone(HOLD)) {
        all.add(hold().after(step.needs()));
        first = Set.of(HOLD);
      }
      for (MemberId proxy : pausing()) {
        Step pause = pause(proxy).after(first);
        if (!run.isDone(pause.key())) {
          all.add(pause);
          before.add(pause.key());
        }
      }
      all.add(step.after(before));
    }
    return all;
  }

  /**
   * What must be tried before {@code steps}: where the old primary could not be killed, its clients
   * are cut off. It is tried once; what comes of it keeps nobody from promoting.
   */
  List<Step> cutsBefore(List<Step> steps) {
    List<Policy.Rung> fencing = spec.practice().policy().fencing();
    boolean promotesAnother =
        steps.stream()
            .anyMatch(step -> step.act().equals(Acts.PROMOTE) && !old.equals(step.member()));
    if (!promotesAnother || !fencing.contains(Policy.Rung.PROXIES) || ended(steps, fencing)) {
      return List.of();
    }
    List<Step> cuts = new ArrayList<>();
    for (Proxy proxy : spec.practice().proxies()) {
      Step cut = cut(proxy.id());
      if (!run.isDone(cut.key()) && run.failures(cut.key()) == 0) {
        cuts.add(cut);
      }
    }
    if (cuts.isEmpty() || pausing().isEmpty()) {
      return cuts;
    }
    Step flags = flagged(CUT);
    List<Step> all = new ArrayList<>(List.of(flags));
    cuts.forEach(cut -> all.add(cut.after(flags)));
    return all;
  }

  /** Whether the old primary's end is proven, or is to be before clients are cut off. */
  private boolean ended(List<Step> steps, List<Policy.Rung> fencing) {
    boolean killed =
        Stream.concat(
                steps.stream(),
                run.rows().stream()
                    .filter(row -> row.state() == StepState.DONE)
                    .map(StepRecord::step))
            .anyMatch(step -> step.act().equals(Acts.FENCE) && old.equals(step.member()));
    boolean asks = steps.stream().anyMatch(PluginSteps::endsMachine);
    int plugins = fencing.indexOf(Policy.Rung.PLUG_IN);
    boolean pluginsFirst = plugins >= 0 && plugins < fencing.indexOf(Policy.Rung.PROXIES);
    return killed || PluginSteps.stonithDone(spec, run, old) || (asks && pluginsFirst);
  }

  private Step cut(MemberId proxy) {
    return Step.act(
            Acts.PROXY_CUT, proxy, "let " + proxy + " end its clients' sessions with " + old)
        .with(Acts.FROM, old)
        .within(CUT_TIME)
        .thenDecide();
  }

  /** Every proxy, pointed at whom {@code promote} makes primary. */
  List<Step> point(Step promote) {
    MemberId primary = promote.member();
    return primary == null
        ? List.of()
        : spec.practice().proxies().stream()
            .map(proxy -> point(proxy, primary).after(promote))
            .toList();
  }

  /** The proxies that are left to be pointed at the member that was promoted, if one was. */
  List<Step> pointAtPromoted() {
    Optional<MemberId> primary =
        run.rows().stream()
            .filter(row -> row.step().act().equals(Acts.PROMOTE) && row.state() == StepState.DONE)
            .flatMap(row -> Optional.ofNullable(row.step().member()).stream())
            .findFirst();
    return primary.stream()
        .flatMap(member -> spec.practice().proxies().stream().map(proxy -> point(proxy, member)))
        .filter(step -> !run.isDone(step.key()) && run.failures(step.key()) == 0)
        .toList();
  }
}
