package io.cotidal.postgres.plan;

import io.cotidal.engine.MemberState;
import io.cotidal.engine.State;
import io.cotidal.model.Details;
import io.cotidal.model.Host;
import io.cotidal.model.MemberId;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.plan.cluster.Inputs;
import io.cotidal.postgres.plan.cluster.Ledger;
import io.cotidal.postgres.plan.cluster.PgDiagnosis;
import io.cotidal.postgres.plan.cluster.Sentences;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Server;
import org.jspecify.annotations.Nullable;

/**
 * What a request needs. Each question refuses, with place, reason and remedy in one line, if that
 * is not there or not known.
 */
final class Requirements {
  private final PostgresSpec spec;
  private final State<PgFacts> state;
  private final PgDiagnosis diagnosis;

  Requirements(PostgresSpec spec, State<PgFacts> state, PgDiagnosis diagnosis) {
    this.spec = spec;
    this.state = state;
    this.diagnosis = diagnosis;
  }

  static IllegalArgumentException refusal(String type, String why) {
    return new IllegalArgumentException(type + ": " + why);
  }

  /** The primary, which answers as one. */
  MemberId primary(String type) {
    return Ledger.of(state.ledger())
        .primary()
        .filter(primary -> {
          PgFacts facts = facts(primary);
          return facts != null && !facts.recovering();
        })
        .orElseThrow(() -> refusal(type, "needs a primary that answers; " + diagnosis.sentence()));
  }

  /** The member of that name. */
  MemberId known(String name) {
    return spec.members().stream()
        .filter(member -> member.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "no member '" + name + "': choose one of " + Ledger.join(spec.members())));
  }

  /** The member that is named. */
  MemberId member(String type, Details input) {
    String name = input.get(Inputs.MEMBER, "");
    if (name.isEmpty()) {
      throw refusal(type, "name the member");
    }
    return known(name);
  }

  /**
   * The member that is named, which is not the primary.
   *
   * @param instead what to do with the primary, or why nothing is to be done
   */
  MemberId replica(String type, Details input, MemberId primary, String instead) {
    MemberId member = member(type, input);
    if (member.equals(primary)) {
      throw refusal(type, member + " is primary: " + instead);
    }
    return member;
  }

  /** That it can be stopped, started and copied, which takes more than SQL. */
  void machine(String type, MemberId member) {
    if (spec.server(member).filter(Server::gated).isEmpty()) {
      throw refusal(
          type,
          member + " is reached by SQL alone: it is not stopped, started or copied from here");
    }
  }

  /** That it was seen: what was not seen is neither there nor gone. */
  void look(String type, MemberId member) {
    boolean seen = facts(member) != null || process(member) == Host.Process.GONE;
    if (!seen) {
      throw refusal(type, "cannot tell how " + member + " is: " + sentence(member));
    }
  }

  /** How it was seen last. */
  String sentence(MemberId id) {
    MemberState<PgFacts> member = state.member(id);
    return member == null ? "not looked at yet" : Sentences.member(member, state.now());
  }

  Host.Process process(MemberId id) {
    MemberState<PgFacts> member = state.member(id);
    return member == null ? Host.Process.UNKNOWN : member.host().process();
  }

  /** What its last look told; null if it did not answer. */
  @Nullable PgFacts facts(MemberId id) {
    MemberState<PgFacts> member = state.member(id);
    return member == null ? null : member.facts();
  }
}
