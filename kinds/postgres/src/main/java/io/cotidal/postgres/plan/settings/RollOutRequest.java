package io.cotidal.postgres.plan.settings;

import io.cotidal.engine.MemberState;
import io.cotidal.engine.State;
import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.plan.cluster.Doctor;
import io.cotidal.postgres.plan.cluster.Inputs;
import io.cotidal.postgres.plan.settings.SettingsDiff.Line;
import io.cotidal.postgres.plan.settings.SettingsDiff.Takes;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Server;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A person's wish to restart what waits for it, checked and completed. */
public final class RollOutRequest {
  private final PostgresSpec spec;
  private final State<PgFacts> state;
  private final SettingsBoard board;

  /** As of that state. */
  public RollOutRequest(PostgresSpec spec, State<PgFacts> state) {
    this.spec = spec;
    this.state = state;
    this.board = new SettingsBoard(spec, state);
  }

  /**
   * The input of {@link RollOut}.
   *
   * @throws IllegalArgumentException with place, reason and remedy in one line
   */
  public Details prepare(Details input, MemberId primary) {
    if (!spec.practice().care().settings()) {
      throw refuse("settings-care is switched off: use restart, which takes what is declared");
    }
    board.problems().stream()
        .findFirst()
        .ifPresent(problem -> {
          throw refuse(problem);
        });
    boolean inPlace = input.get(Inputs.IN_PLACE, "false").equals("true");
    List<MemberId> first = new ArrayList<>();
    List<MemberId> then = new ArrayList<>();
    boolean self = false;
    for (Server server : spec.servers()) {
      if (board.waiting(server).isEmpty() || !server.gated()) {
        continue;
      }
      if (server.id().equals(primary)) {
        self = true;
        continue;
      }
      requireReplica(server.id(), primary);
      boolean lowers = lowers(server);
      (lowers ? then : first).add(server.id());
      if (lowers && board.waiting(server).size() > lowered(server).size()) {
        first.add(server.id());
      }
    }
    if (!self && first.isEmpty() && then.isEmpty()) {
      throw refuse("nothing waits for a restart");
    }
    Optional<Server> own = spec.server(primary);
    boolean lowersFirst = self && own.filter(this::lowers).isPresent();
    if (lowersFirst && !inPlace) {
      throw refuse(
          String.join(", ", lowered(own.orElseThrow()))
              + " gets less, and a standby must not have less than its primary: the primary comes"
              + " first, restarted in its place (--in-place), and nobody writes meanwhile");
    }
    if (!then.isEmpty() && !self) {
      first.removeAll(then);
      first.addAll(then);
      then.clear();
    }
    return completed(primary, first, then, self, inPlace);
  }

  private Details completed(
      MemberId primary, List<MemberId> first, List<MemberId> then, boolean self, boolean inPlace) {
    Details prepared = Details.of(Inputs.PRIMARY, primary);
    prepared = first.isEmpty() ? prepared : prepared.with(Inputs.FIRST, RollOut.inOrder(first));
    prepared = then.isEmpty() ? prepared : prepared.with(Inputs.THEN, RollOut.inOrder(then));
    for (List<MemberId> round : List.of(first, then)) {
      for (MemberId member : round) {
        RollOut.unsafe(member, primary, state)
            .ifPresent(why -> {
              throw refuse(
                  why + "; mend that, or restart it alone: cot restart --member " + member);
            });
      }
    }
    if (!self) {
      return prepared;
    }
    Details moved = prepared.with(Inputs.FROM, primary);
    if (inPlace) {
      return moved.with(Inputs.IN_PLACE, "true");
    }
    boolean successor =
        state.members().values().stream()
            .anyMatch(member -> {
              PgFacts facts = member.facts();
              return facts != null
                  && Doctor.streamsFrom(facts, primary)
                  && !spec.practice().policy().of(member.id()).never();
            });
    if (!successor) {
      throw refuse(
          "no replica could take over from "
              + primary
              + ": restart it in its place (--in-place), and nobody writes meanwhile");
    }
    return moved;
  }

  private void requireReplica(MemberId id, MemberId primary) {
    MemberState<PgFacts> member = state.member(id);
    PgFacts facts = member == null ? null : member.facts();
    if (facts == null || !Doctor.streamsFrom(facts, primary)) {
      throw refuse(id + " does not stream from " + primary + ": mend that first");
    }
  }

  private boolean lowers(Server server) {
    return !lowered(server).isEmpty();
  }

  /** Names of what a standby needs as much of as its primary, and is to get less of. */
  private List<String> lowered(Server server) {
    return board.lines(server).stream()
        .filter(line -> line.takes() == Takes.RESTART && line.lowers())
        .map(Line::parameter)
        .toList();
  }

  private static IllegalArgumentException refuse(String why) {
    return new IllegalArgumentException(RollOut.NAME + ": " + why);
  }
}
