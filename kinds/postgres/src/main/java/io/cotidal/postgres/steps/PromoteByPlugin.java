package io.cotidal.postgres.steps;

import io.cotidal.model.Details;
import io.cotidal.pgclient.PgException;
import io.cotidal.postgres.observe.PgFacts;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A promotion that a plug-in does. Slots and quorum are ours and in force before; whether it took
 * effect, and on a timeline of its own, is seen afterwards. Thread-safe.
 *
 * <p>One that gave no clear answer may have begun what takes effect later. Until it has, nobody can
 * tell, and nobody else is promoted for as long as the step says. A daemon that died meanwhile is
 * followed by one that asks the plug-in again, for the same member.
 */
final class PromoteByPlugin {
  private final Cluster cluster;

  /** By operation and step: what is known of those that were asked. */
  private final Map<String, String> asked = new ConcurrentHashMap<>();

  PromoteByPlugin(Cluster cluster) {
    this.cluster = cluster;
  }

  private static String key(Turn turn) {
    return turn.stamp().number() + " " + turn.step().key();
  }

  /** Has the standby promoted, which shows later, or not at all. */
  void ask(Turn turn) throws ActFailed, IOException, InterruptedException {
    asked.put(key(turn), "plug-in " + ByPlugin.name(turn) + " was asked, and said yes");
    try {
      cluster.plugins().ask(turn, Details.NONE);
    } catch (ActFailed e) {
      asked.remove(key(turn));
      throw e;
    } catch (IOException e) {
      asked.put(key(turn), String.valueOf(e.getMessage()));
      throw e;
    }
  }

  /** Why a standby may yet be promoted by what was asked for. */
  Optional<String> pending(Turn turn) {
    return Optional.ofNullable(asked.get(key(turn)))
        .map(known ->
            known
                + "; "
                + turn.node().id()
                + " is still a standby: promote it by hand, for nobody else is promoted until it is"
                + " clear");
  }

  /**
   * Refuses a primary that goes on with the timeline of the one before: it was started without its
   * standby.signal and not promoted, and no server could tell its log from the other's. It is ended
   * where that can be shown.
   *
   * @param ended the timeline that must have ended
   * @throws ActFailed if it is ended, and starts demoted
   * @throws IOException if it is not
   */
  void requireNewTimeline(Turn turn, PgFacts facts, long ended)
      throws ActFailed, PgException, IOException, InterruptedException {
    asked.remove(key(turn));
    if (!ByPlugin.wanted(turn) || facts.timeline() > ended) {
      return;
    }
    String story = onOldTimeline(turn, facts);
    if (!turn.inside().within() || !Processes.kill(turn, turn.deadline().most())) {
      throw new IOException(story);
    }
    new ServerFiles(cluster.spec(), turn).demote();
    throw new ActFailed(story + "; it was ended, and starts demoted");
  }

  /** What such a primary is. */
  static String onOldTimeline(Turn turn, PgFacts facts) {
    return "plug-in "
        + ByPlugin.name(turn)
        + " made "
        + turn.node().id()
        + " a primary on timeline "
        + facts.timeline()
        + ", which a promotion would have ended: let it use pg_promote() or pg_ctl promote";
  }
}
