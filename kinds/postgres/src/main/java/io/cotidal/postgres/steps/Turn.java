package io.cotidal.postgres.steps;

import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.model.Progress;
import io.cotidal.model.Stamp;
import io.cotidal.model.Step;
import io.cotidal.pgclient.PgException;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.KeptSession;
import io.cotidal.postgres.observe.Node;
import io.cotidal.postgres.reach.Inside;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * One act or inspection under way.
 *
 * @param node the member
 * @param inside the stay inside its gate
 * @param deadline when it must have ended
 */
record Turn(
    Node node,
    Step step,
    Stamp stamp,
    Inside inside,
    Deadline deadline,
    Consumer<Progress> progress) {
  /** How often a wait that a failover waits for looks again. */
  static final Duration QUICK = Duration.ofMillis(2);

  /** How often other waits look again. */
  static final Duration CALM = Duration.ofMillis(10);

  /** The act made way for one under a newer stamp. What it had begun may be half done. */
  static final class MadeWay extends IOException {
    private static final long serialVersionUID = 1;

    MadeWay() {
      super("made way for an act under a newer stamp");
    }
  }

  /** What a wait waits for. */
  @FunctionalInterface
  interface Condition {
    boolean holds() throws PgException, IOException, InterruptedException, ActFailed;
  }

  /** The argument of that name; empty if there is none. */
  String argument(String name) {
    return step.arguments().get(name, "");
  }

  /** The comma-separated members of that argument. */
  List<MemberId> members(String name) {
    return Arrays.stream(argument(name).split(","))
        .map(String::strip)
        .filter(text -> !text.isEmpty())
        .map(MemberId::new)
        .toList();
  }

  /** The argument as a number; 0 if there is none. */
  long number(String name) {
    String text = argument(name);
    return text.isEmpty() ? 0 : Long.parseLong(text);
  }

  /** Whether the step wants to wait for streaming. */
  boolean stream() {
    return Boolean.parseBoolean(argument(Acts.STREAM));
  }

  /** Details of nothing. */
  Details nothing() {
    return Details.NONE;
  }

  /** Uses the member's session for acts. */
  <T> T sql(KeptSession.Use<T> use) throws PgException, InterruptedException {
    return node.work().use(deadline, use);
  }

  /**
   * Waits until {@code condition} holds.
   *
   * @return whether it did by {@code until}
   * @throws MadeWay if somebody with a newer stamp waits at the gate
   */
  boolean await(Deadline until, Duration period, Condition condition)
      throws PgException, IOException, InterruptedException, ActFailed {
    while (true) {
      if (condition.holds()) {
        return true;
      }
      makeWay();
      if (until.over()) {
        return false;
      }
      until.pause(period);
    }
  }

  /**
   * Ends the act if somebody with a newer stamp waits.
   *
   * @throws MadeWay if so
   */
  void makeWay() throws IOException, InterruptedException {
    if (inside.superseded()) {
      throw new MadeWay();
    }
  }
}
