package io.cotidal.postgres.plan.cluster;

import io.cotidal.engine.MemberState;
import io.cotidal.engine.State;
import io.cotidal.model.MemberId;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.observe.SlotNames;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Server;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who streams from whom, and who should. A member that the configuration puts behind another one
 * streams from that one as long as it streams itself, directly or not, from the primary; else from
 * the next one up that does, at last from the primary. Away from a broken member it goes at once;
 * back only after a while without any change of either, and each time that it had to leave again
 * that while is twice as long.
 */
public final class Upstreams {
  /** For so long nothing has changed about two members before one is put behind the other. */
  static final Duration STEADY = Duration.ofSeconds(5);

  private static final Duration MOST = Duration.ofMinutes(10);
  private static final Duration REMEMBERED = Duration.ofHours(1);
  private static final int MOST_DOUBLINGS = 7;

  /** What puts members elsewhere, or tells that one does not stay where it is. */
  private static final Set<String> OF_ALL =
      Set.of(Types.FAILOVER, Types.COLD_START, Types.SWITCHOVER, Types.CREATE);

  private static final Set<String> OF_ONE =
      Set.of(
          Types.START,
          Types.FOLLOW,
          Types.REJOIN,
          Types.RESTART,
          Types.ENABLE,
          Types.CLONE,
          Types.STOP,
          Types.DISABLE);

  private final PostgresSpec spec;
  private final State<PgFacts> state;
  private final Ledger ledger;
  private final Out out;

  /** As of that state. */
  public Upstreams(PostgresSpec spec, State<PgFacts> state) {
    this(spec, state, Ledger.of(state.ledger()), Out.of(state));
  }

  /** The same for whoever has read the ledger already. */
  public Upstreams(PostgresSpec spec, State<PgFacts> state, Ledger ledger, Out out) {
    this.spec = spec;
    this.state = state;
    this.ledger = ledger;
    this.out = out;
  }

  /** Whether the member streams from somebody else than the primary. */
  public boolean elsewhere(MemberId member, MemberId primary) {
    return sender(member).filter(from -> !from.equals(primary)).isPresent();
  }

  /** Whether all that the primary writes comes to the member, by way of whomever. */
  public boolean streams(MemberId member, MemberId primary) {
    return !chain(member, primary).isEmpty();
  }

  /** Who stands between the member and the primary, the primary last; empty if nothing comes. */
  private List<MemberId> chain(MemberId member, MemberId primary) {
    List<MemberId> chain = new ArrayList<>();
    Set<MemberId> passed = new TreeSet<>();
    MemberId at = member;
    while (!at.equals(primary)) {
      PgFacts facts = facts(at);
      Optional<MemberId> from = sender(at);
      boolean standby = facts == null || facts.recovering();
      if (!passed.add(at) || !standby || from.isEmpty()) {
        return List.of();
      }
      at = from.get();
      chain.add(at);
    }
    return chain;
  }

  /**
   * Whom the member streams from now. Where the member itself does not answer, whoever sends to it
   * may know: what cannot be asked is not broken.
   */
  public Optional<MemberId> sender(MemberId member) {
    PgFacts facts = facts(member);
    if (facts != null) {
      PgFacts.Receiver receiver = facts.receiver();
      return receiver != null && receiver.streaming()
          ? Optional.ofNullable(receiver.sender())
          : Optional.empty();
    }
    return spec.servers().stream().map(Server::id).filter(one -> sendsTo(one, member)).findFirst();
  }

  private boolean sendsTo(MemberId sender, MemberId member) {
    PgFacts facts = facts(sender);
    return facts != null
        && facts.senders().stream()
            .anyMatch(each -> each.streaming() && each.name().equals(member.name()));
  }

  /**
   * Whether the member may be streaming from {@code upstream}, for all that is known or was when
   * either answered last, or may have been put there since.
   */
  public boolean mayStreamFrom(MemberId member, MemberId upstream) {
    PgFacts own = known(member);
    PgFacts theirs = known(upstream);
    boolean seen =
        (own != null && upstream.equals(own.upstream()))
            || (theirs != null
                && (theirs.slots().contains(SlotNames.of(member))
                    || theirs.senders().stream()
                        .anyMatch(sender -> sender.name().equals(member.name()))));
    Set<MemberId> passed = new TreeSet<>();
    Optional<MemberId> next = follows(member);
    while (!seen && next.isPresent() && passed.add(next.get())) {
      seen = next.get().equals(upstream);
      next = follows(next.get());
    }
    return seen && !member.equals(upstream);
  }

  /** Whom the member should stream from now. */
  public MemberId of(MemberId member, MemberId primary) {
    return candidates(member, primary)
        .filter(next -> stays(member, next) || state.now().micros() >= calmAt(member, next))
        .findFirst()
        .orElse(primary);
  }

  /** Wall time, in microseconds, at which time alone puts somebody elsewhere. */
  public long due(MemberId primary) {
    return spec.servers().stream()
        .map(Server::id)
        .flatMap(member ->
            candidates(member, primary)
                .filter(next -> !stays(member, next))
                .map(next -> calmAt(member, next)))
        .filter(at -> at > state.now().micros())
        .min(Long::compare)
        .orElse(Long.MAX_VALUE);
  }

  /** From whom it could stream instead of the primary, in the order of preference. */
  private Stream<MemberId> candidates(MemberId member, MemberId primary) {
    // Who is in doubt is trusted again only once the primary itself sends to it.
    if (member.equals(primary) || ledger.doubts().containsKey(member)) {
      return Stream.empty();
    }
    List<MemberId> found = new ArrayList<>();
    Set<MemberId> passed = new TreeSet<>(Set.of(member, primary));
    Optional<MemberId> next = follows(member);
    while (next.isPresent() && passed.add(next.get())) {
      if (fits(next.get(), member, primary)) {
        found.add(next.get());
      }
      next = follows(next.get());
    }
    return found.stream();
  }

  private Optional<MemberId> follows(MemberId member) {
    return spec.server(member).flatMap(Server::follows);
  }

  private boolean fits(MemberId upstream, MemberId member, MemberId primary) {
    PgFacts facts = facts(upstream);
    PgFacts leader = facts(primary);
    List<MemberId> chain = chain(upstream, primary);
    // One that cannot be asked is as good as what is known of it: whoever streams from it stays.
    boolean itself =
        facts == null
            ? sender(member).equals(Optional.of(upstream))
            : facts.recovering() && (leader == null || leader.timeline() == facts.timeline());
    return itself
        && !chain.isEmpty()
        && !chain.contains(member)
        && !out.explains(upstream)
        && !ledger.doubts().containsKey(upstream);
  }

  /** Whether it is there, or is set to be and did not fail in it. */
  private boolean stays(MemberId member, MemberId upstream) {
    boolean going =
        state.open().anyMatch(open -> open.state().underWay() && puts(open, member, upstream));
    if (going) {
      return true;
    }
    PgFacts facts = facts(member);
    if (facts == null) {
      return false;
    }
    if (Doctor.streamsFrom(facts, upstream)) {
      return true;
    }
    return upstream.equals(facts.upstream())
        && state
            .recent()
            .filter(past -> OF_ONE.contains(past.type()) && concerns(past, member))
            .findFirst()
            .filter(past -> past.state() == OperationState.FAILED)
            .isEmpty();
  }

  /** Wall time, in microseconds, from which on nothing has happened to either for long enough. */
  private long calmAt(MemberId member, MemberId upstream) {
    long pause = pause(member, upstream).toNanos() / 1_000;
    long at = 0;
    for (Operation operation : state.operations().values()) {
      boolean matters =
          OF_ALL.contains(operation.type())
              || (OF_ONE.contains(operation.type())
                  && (concerns(operation, member) || concerns(operation, upstream)));
      if (!matters) {
        continue;
      }
      if (operation.state().underWay()) {
        return Long.MAX_VALUE;
      }
      // A clock that stepped back must not make the pause longer than it is.
      if (operation.state().ended() && operation.endedMicros() <= state.now().micros()) {
        at = Math.max(at, operation.endedMicros() + pause);
      }
    }
    return at;
  }

  /** Twice as long for each time but the first that it was put there lately. */
  private Duration pause(MemberId member, MemberId upstream) {
    long lately = state.now().micros() - REMEMBERED.toNanos() / 1_000;
    long times =
        state.operations().values().stream()
            .filter(past ->
                past.state().ended()
                    && past.endedMicros() >= lately
                    && puts(past, member, upstream))
            .count();
    Duration pause = STEADY.multipliedBy(1L << Math.clamp(times - 1, 0, MOST_DOUBLINGS));
    return pause.compareTo(MOST) < 0 ? pause : MOST;
  }

  private static boolean puts(Operation operation, MemberId member, MemberId upstream) {
    return concerns(operation, member)
        && operation.input().get(Acts.UPSTREAM, "").equals(upstream.name());
  }

  private static boolean concerns(Operation operation, MemberId member) {
    return operation.input().get(Inputs.MEMBER, "").equals(member.name());
  }

  private @Nullable PgFacts known(MemberId id) {
    MemberState<PgFacts> member = state.member(id);
    return member == null ? null : member.known();
  }

  private @Nullable PgFacts facts(MemberId id) {
    MemberState<PgFacts> member = state.member(id);
    return member == null ? null : member.facts();
  }
}
