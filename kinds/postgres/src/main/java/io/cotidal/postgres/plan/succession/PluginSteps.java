package io.cotidal.postgres.plan.succession;

import io.cotidal.engine.Run;
import io.cotidal.model.MemberId;
import io.cotidal.model.Step;
import io.cotidal.model.StepState;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.plan.succession.Candidates.Position;
import io.cotidal.postgres.spec.Plugin;
import io.cotidal.postgres.spec.Plugin.Hook;
import io.cotidal.postgres.spec.PostgresSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where a change of primary asks plug-ins. None of them can make it less safe. */
public final class PluginSteps {
  private static final Duration GRACE = Duration.ofSeconds(1);
  private static final int STONITH_TRIES = 2;

  private PluginSteps() {}

  private static Step ask(Plugin plugin, MemberId about, String sentence) {
    return Step.act(Acts.HOOK, about, sentence)
        .named(Acts.HOOK + " " + plugin.name() + " " + about)
        .with(Acts.PLUGIN, plugin.name())
        .with("hook", plugin.hook().word())
        .within(plugin.limit().plus(GRACE));
  }

  private static Stream<Step> polls(PostgresSpec spec, MemberId old) {
    return spec.practice().plugins(Hook.POLL).stream()
        .map(plugin ->
            ask(plugin, old, "ask " + plugin.name() + " whether it reaches " + old).thenDecide());
  }

  /** Questions about the old primary that have not been asked yet. */
  static List<Step> poll(PostgresSpec spec, Run run, MemberId old) {
    return polls(spec, old)
        .filter(step -> !run.isDone(step.key()) && run.failures(step.key()) == 0)
        .toList();
  }

  /**
   * Why the old primary is not to be replaced: somebody else reaches it. Only a clear yes counts; a
   * no, and whoever cannot tell, change nothing of what is known already.
   */
  static Optional<String> veto(PostgresSpec spec, Run run, MemberId old) {
    return polls(spec, old)
        .filter(step -> run.evidence(step.key()).get(Acts.ALIVE, "").equals("yes"))
        .map(step -> step.arguments().need(Acts.PLUGIN) + " reaches " + old + " as a primary")
        .findFirst();
  }

  private static Stream<Step> stoniths(PostgresSpec spec, MemberId old) {
    return spec.practice().plugins(Hook.STONITH).stream()
        .map(plugin ->
            ask(
                plugin,
                old,
                "let " + plugin.name() + " end the machine of " + old + ", and say that it did"));
  }

  /** Whether the step asks a plug-in to end a machine. */
  public static boolean endsMachine(Step step) {
    return step.act().equals(Acts.HOOK)
        && step.arguments().get("hook", "").equals(Hook.STONITH.word());
  }

  /** The plug-in that is to end the old primary's machine; empty if all have failed. */
  public static Optional<Step> stonith(PostgresSpec spec, Run run, MemberId old) {
    return stoniths(spec, old).filter(step -> run.failures(step.key()) < STONITH_TRIES).findFirst();
  }

  /** Whether a plug-in has said that the machine is ended. */
  public static boolean stonithDone(PostgresSpec spec, Run run, MemberId old) {
    return stoniths(spec, old).anyMatch(step -> run.isDone(step.key()));
  }

  private static Stream<Step> selections(PostgresSpec spec, MemberId about) {
    return spec.practice().plugins(Hook.SELECT).stream()
        .map(plugin ->
            ask(plugin, about, "ask " + plugin.name() + " whom it prefers of equals")
                .named(Acts.HOOK + " " + plugin.name())
                .thenDecide());
  }

  /** Questions that have not been asked yet; what comes of them is a preference and no more. */
  static List<Step> select(PostgresSpec spec, Run run, Position best, List<Position> candidates) {
    String told =
        candidates.stream()
            .map(at -> at.member() + "=" + at.timeline() + "/" + at.position())
            .collect(Collectors.joining(","));
    return selections(spec, best.member())
        .filter(step -> run.last(step.key()).isEmpty())
        .map(step -> step.with("candidates", told))
        .toList();
  }

  /** How early a plug-in names a member; late if none does. */
  static ToIntFunction<MemberId> selected(PostgresSpec spec, Run run) {
    List<String> order =
        spec.practice().plugins(Hook.SELECT).stream()
            .flatMap(plugin ->
                Stream.of(
                    run.evidence(Acts.HOOK + " " + plugin.name()).get(Acts.ORDER, "").split(",")))
            .toList();
    return member -> {
      int at = order.indexOf(member.name());
      return at < 0 ? order.size() : at;
    };
  }

  private static Stream<Step> told(PostgresSpec spec, MemberId primary) {
    return Stream.of(Hook.CONNECTION_FAILOVER, Hook.AFTER_FAILOVER)
        .flatMap(hook -> spec.practice().plugins(hook).stream())
        .map(plugin ->
            ask(plugin, primary, "tell " + plugin.name() + " that " + primary + " is primary"));
  }

  /** Whom a promotion is told, after it. */
  public static List<Step> after(PostgresSpec spec, MemberId primary, Step promote) {
    return told(spec, primary).map(step -> step.after(promote)).toList();
  }

  /** Who has not been told yet of a promotion that was done. */
  public static List<Step> left(PostgresSpec spec, Run run) {
    return run.rows().stream()
        .filter(row -> row.step().act().equals(Acts.PROMOTE) && row.state() == StepState.DONE)
        .flatMap(row -> Optional.ofNullable(row.step().member()).stream())
        .limit(1)
        .flatMap(primary -> told(spec, primary))
        .filter(step -> !run.isDone(step.key()) && run.failures(step.key()) == 0)
        .toList();
  }
}
