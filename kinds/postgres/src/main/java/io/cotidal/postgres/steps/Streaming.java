package io.cotidal.postgres.steps;

import io.cotidal.pgclient.PgException;
import io.cotidal.postgres.observe.Node;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.remote.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether a standby streams from its upstream for good.
 *
 * <p>A receiver calls itself streaming from the moment that it has connected, before it has asked
 * for anything. One that is refused, for its history has parted or for it asks for more than there
 * is, shows itself so for an instant, again and again. So the upstream has to say that it streams
 * to it, on one timeline with it; or that it sends, and then it has to go on for a while.
 */
final class Streaming {
  /** For so long nobody streams who is refused. */
  static final Duration STEADY = Duration.ofSeconds(1);

  private static final Duration QUESTION = Duration.ofMillis(500);
  private static final Set<String> SENDING = Set.of("catchup", "streaming");

  /** What the upstream says of it. */
  private enum Word {
    /** It has all that there is. */
    STREAMS,
    /** It is sent what it lacks. */
    SENDS,
    /** Nobody of its name is there. */
    NOTHING
  }

  private final Cluster cluster;
  private final Turn turn;
  private final Node upstream;
  private @Nullable Deadline steady;

  /** The member of {@code turn}, from {@code upstream}. */
  Streaming(Cluster cluster, Turn turn, Node upstream) {
    this.cluster = cluster;
    this.turn = turn;
    this.upstream = upstream;
  }

  /** Takes one look more; whether it streams by now. */
  boolean steady(PgFacts standby) throws InterruptedException {
    Deadline since = steady;
    if (!receives(standby)) {
      steady = null;
      return false;
    }
    if (since == null) {
      steady = Deadline.in(STEADY);
      return false;
    }
    try {
      return switch (word(standby)) {
        case STREAMS -> true;
        case SENDS -> since.over();
        case NOTHING -> {
          steady = null;
          yield false;
        }
      };
    } catch (PgException e) {
      // Not known is not done: it may be busy, and is asked again.
      return false;
    }
  }

  /** Whether it did not at the latest look. */
  boolean broken() {
    return steady == null;
  }

  /**
   * Whether both ends say so now.
   *
   * @throws PgException if the upstream does not tell
   */
  boolean confirmed(PgFacts standby) throws PgException, InterruptedException {
    return receives(standby) && word(standby) == Word.STREAMS;
  }

  private boolean receives(PgFacts standby) {
    PgFacts.Receiver receiver = standby.receiver();
    return receiver != null && receiver.streaming() && upstream.id().equals(receiver.sender());
  }

  private Word word(PgFacts standby) throws PgException, InterruptedException {
    PgFacts facts = upstream.work().use(turn.deadline().atMost(QUESTION), cluster.look()::facts);
    List<PgFacts.Sender> senders =
        facts.senders().stream()
            .filter(sender -> sender.name().equals(turn.node().id().name()))
            .toList();
    if (senders.stream().noneMatch(sender -> SENDING.contains(sender.state()))) {
      return Word.NOTHING;
    }
    boolean all = senders.stream().anyMatch(PgFacts.Sender::streaming);
    return all && standby.timeline() == facts.timeline() ? Word.STREAMS : Word.SENDS;
  }
}
