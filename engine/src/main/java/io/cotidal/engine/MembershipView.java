package io.cotidal.engine;

import io.cotidal.model.MemberId;
import io.cotidal.model.Moment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a resource's members come from, and who is gone, as screens show it.
 *
 * @param origin how the source is
 * @param answeredMicros wall time in microseconds at which it last said who the members are; 0 if
 *     it never did
 * @param failingSinceMicros wall time in microseconds at which it began not to answer; 0 while it
 *     answers
 * @param reason why it does not answer; empty while it does
 * @param failures how often it did not answer since this process began
 * @param departed members that are remembered and named no more
 * @param held why none of them is let go of by itself; empty if nothing speaks against it
 */
public record MembershipView(
    Origin origin,
    long answeredMicros,
    long failingSinceMicros,
    String reason,
    long failures,
    List<MemberId> departed,
    String held) {
  /** How a source is. */
  public enum Origin {
    /** There is none: the configuration names the members. */
    CONFIGURED,
    /** It has never been heard of. */
    AWAITED,
    /** It answers. */
    ANSWERS,
    /** It does not answer; what it said last stays in force. */
    UNAVAILABLE
  }

  /** The configuration names the members, and nobody is gone. */
  public static final MembershipView CONFIGURED =
      new MembershipView(Origin.CONFIGURED, 0, 0, "", 0, List.of(), "");

  /** Copies the list. */
  public MembershipView {
    departed = List.copyOf(departed);
  }

  /** Of that state. */
  static MembershipView of(State<?> state) {
    SourceHealth source = state.source();
    Departed departed = state.departed();
    return new MembershipView(
        origin(source),
        micros(source.answered()),
        micros(source.failingSince()),
        source.reason(),
        source.failures(),
        List.copyOf(departed.members().keySet()),
        departed.isEmpty() ? "" : Brake.of(state).reason());
  }

  private static Origin origin(SourceHealth source) {
    if (!source.discovered()) {
      return Origin.CONFIGURED;
    }
    if (source.failingSince() != null) {
      return Origin.UNAVAILABLE;
    }
    return source.answered() == null ? Origin.AWAITED : Origin.ANSWERS;
  }

  private static long micros(@Nullable Moment moment) {
    return moment == null ? 0 : moment.micros();
  }

  /** The same but for the time of the last answer. */
  public MembershipView answeredAt(long micros) {
    return new MembershipView(origin, micros, failingSinceMicros, reason, failures, departed, held);
  }
}
