package io.cotidal.postgres.proxies;

import io.cotidal.model.MemberId;
import io.cotidal.postgres.observe.ProxyFacts;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.util.List;

/**
 * One proxy within reach. Every call ends by its deadline, and doing again what is done already
 * does no harm.
 */
interface ProxyControl extends AutoCloseable {
  /** Reads only. */
  ProxyFacts look(Deadline deadline) throws ProxyTrouble, InterruptedException;

  /**
   * Holds clients back and waits until no transaction runs through it. What could not be held is
   * let go again before this fails.
   */
  void pause(Deadline deadline) throws ProxyTrouble, IOException, InterruptedException;

  /** Whether clients are held back and no transaction runs any more. Reads only. */
  boolean holds(Deadline deadline) throws ProxyTrouble, InterruptedException;

  /** Lets clients go. */
  void resume(Deadline deadline) throws ProxyTrouble, IOException, InterruptedException;

  /**
   * Ends the sessions with {@code member} and leads nobody there any more. Clients wait, or are
   * refused, until it is pointed elsewhere.
   */
  void cut(MemberId member, Deadline deadline)
      throws ProxyTrouble, IOException, InterruptedException;

  /** Leads writers to the aim's primary and to nobody else, and lets clients go. */
  void point(Aim aim, Deadline deadline) throws ProxyTrouble, IOException, InterruptedException;

  /**
   * Where a proxy is to lead.
   *
   * @param primary the writers
   * @param attach replicas that it is to use for readers, if it leads any
   * @param detach replicas that it is not to use
   */
  record Aim(MemberId primary, List<MemberId> attach, List<MemberId> detach) {
    /** Copies the lists. */
    public Aim {
      attach = List.copyOf(attach);
      detach = List.copyOf(detach);
    }

    /** Whether {@code facts} are just this. */
    boolean met(ProxyFacts facts) {
      return facts.leadsOnlyTo(primary)
          && !facts.paused()
          && facts.attached().containsAll(attach)
          && detach.stream().noneMatch(each -> facts.attached().contains(each));
    }
  }

  /** Ends what is kept with it. */
  @Override
  void close();
}
