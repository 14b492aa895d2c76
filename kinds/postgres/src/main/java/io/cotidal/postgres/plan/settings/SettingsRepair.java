package io.cotidal.postgres.plan.settings;

import io.cotidal.engine.Continuation;
import io.cotidal.engine.OperationType;
import io.cotidal.engine.Run;
import io.cotidal.engine.State;
import io.cotidal.model.Details;
import io.cotidal.model.Lock;
import io.cotidal.model.MemberId;
import io.cotidal.model.Risk;
import io.cotidal.model.Step;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.plan.cluster.Ledger;
import io.cotidal.postgres.spec.PostgresSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Put parameters in force that need no restart, one member after the other, the primary last: what
 * one member does not take comes to no other.
 */
public final class SettingsRepair implements OperationType<PostgresSpec, PgFacts> {
  static final String NAME = "settings";

  /** Input: the members, in their order. */
  static final String MEMBERS = "members";

  private static final String SET = "set.";
  private static final String RESET = "reset.";
  private static final Duration LONG = Duration.ofSeconds(20);

  /** {@code input} with what is to be set on a member by SQL alone. */
  static Details bySql(Details input, MemberId member, List<SettingsDiff.Line> due) {
    List<String> set = new ArrayList<>();
    List<String> reset = new ArrayList<>();
    for (SettingsDiff.Line line : due) {
      (line.wanted().isPresent() ? set : reset).add(line.parameter());
    }
    Details both = input;
    both = set.isEmpty() ? both : both.with(SET + member, String.join(",", set));
    return reset.isEmpty() ? both : both.with(RESET + member, String.join(",", reset));
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
    return Ledger.split(input.need(MEMBERS)).stream().map(Lock::member).toList();
  }

  @Override
  public Continuation steps(Details input, Run run, PostgresSpec spec, State<PgFacts> state) {
    if (run.occasion() == Run.Occasion.CANCEL) {
      return Continuation.finished();
    }
    if (!spec.practice().care().settings()) {
      return new Continuation.Moot("settings-care is switched off");
    }
    List<Step> rest = new ArrayList<>();
    Step before = null;
    for (MemberId member : Ledger.split(input.need(MEMBERS))) {
      for (Step step : of(input, member, spec, state)) {
        if (run.failures(step.key()) > 0) {
          return new Continuation.GiveUp(member + ": " + run.problem(step.key()));
        }
        if (!run.isDone(step.key())) {
          rest.add(before == null ? step : step.after(before));
          before = step;
        }
      }
    }
    return Continuation.rest(rest);
  }

  private static List<Step> of(
      Details input, MemberId member, PostgresSpec spec, State<PgFacts> state) {
    Step act =
        Step.act(Acts.SETTINGS, member, "let " + member + " have the parameters that are declared")
            .within(LONG);
    if (spec.server(member).filter(server -> !server.gated()).isEmpty()) {
      return List.of(act);
    }
    Map<String, String> set = new TreeMap<>();
    for (String name : names(input, SET + member)) {
      String value = spec.settings().get(name);
      if (value != null) {
        set.put(name, value);
      }
    }
    List<String> reset = names(input, RESET + member);
    Details claim = new OwnSettings(state.ledger()).claim(member, set);
    Step claimed =
        Step.decision(
                "claim " + member,
                "what is set on " + member + " from here on is ours: " + set.keySet(),
                Details.NONE)
            .writing(claim);
    return List.of(
        claimed,
        act.with(Acts.SET, String.join(",", set.keySet()))
            .with(Acts.RESET, String.join(",", reset))
            .writing(OwnSettings.settled(member, set, reset)));
  }

  private static List<String> names(Details input, String key) {
    return Arrays.stream(input.get(key, "").split(",")).filter(name -> !name.isEmpty()).toList();
  }
}
