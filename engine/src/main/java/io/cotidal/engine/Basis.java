package io.cotidal.engine;

import io.cotidal.model.Details;
import io.cotidal.model.Observation;
import io.cotidal.model.Spec;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Names the facts on which a plan rests: membership, what each member is (never how far it lags),
 * the diagnosis and the ledger. An approval holds for one basis.
 */
final class Basis {
  private Basis() {}

  static <S extends Spec, F> String of(Kind<S, F> kind, S spec, State<F> state) {
    StringBuilder text = new StringBuilder();
    for (MemberState<F> member : state.members().values()) {
      text.append(member.id()).append('=').append(essence(kind, spec, member)).append('\n');
    }
    text.append(kind.diagnose(spec, state).code()).append('\n').append(state.ledger());
    return hash(text.toString());
  }

  /** What of a member can change a plan. */
  static <S extends Spec, F> Object essence(Kind<S, F> kind, S spec, MemberState<F> member) {
    Observation<F> latest = member.latest();
    return switch (latest) {
      case null -> "unseen";
      case Observation.Seen<F> seen -> kind.essence(spec, seen.facts());
      case Observation.Refused<F> refused ->
          "refused " + refused.host().process() + refused.host().facts();
      case Observation.Silent<F> silent -> "silent " + silent.host().process();
      case Observation.CannotTell<F> cannot -> "cannot tell " + cannot.host().process();
    };
  }

  static String key(String type, Details input, String basis) {
    return hash(type + '\n' + input + '\n' + basis);
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 12);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
