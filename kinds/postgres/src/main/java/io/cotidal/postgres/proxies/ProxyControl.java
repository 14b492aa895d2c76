package io.cotidal.postgres.proxies;

import io.cotidal.model.MemberId;
import io.cotidal.postgres.observe.ProxyFacts;
import io.cotidal.remote.Deadline;
import java.io.IOException;

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

  /** Leads writers to {@code member} and to nobody else, and lets clients go. */
  void point(MemberId member, Deadline deadline)
      throws ProxyTrouble, IOException, InterruptedException;

  /** Ends what is kept with it. */
  @Override
  void close();
}
