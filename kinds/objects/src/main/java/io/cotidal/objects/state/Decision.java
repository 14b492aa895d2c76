package io.cotidal.objects.state;

import java.util.List;
import java.util.Optional;

/**
 * What is to be done about a container. In this order: what was overruled goes into the ledger,
 * what is agreed is kept, then the acts are done one after the other, and after each that a site
 * has acknowledged {@link Agreed#after} is kept. Whatever of it is not done is found again by the
 * next look.
 *
 * @param acts in their order: who is written to gets a sync key before who writes
 * @param overruled for the ledger
 * @param agreed what is agreed now; empty if there is nothing to remember
 */
public record Decision(List<Act> acts, List<Overruled> overruled, Optional<Agreed> agreed) {
  /** Copies the lists. */
  public Decision {
    acts = List.copyOf(acts);
    overruled = List.copyOf(overruled);
  }

  /** Whether every site is as it should be: nothing is to be done, and nothing waits. */
  public boolean settled() {
    return acts.isEmpty();
  }
}
