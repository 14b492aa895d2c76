package io.cotidal.postgres.observe;

import io.cotidal.model.MemberId;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a proxy said.
 *
 * @param leadsTo members to which it lets writers through
 * @param strangers addresses to which it lets them through and that are no member's, and databases
 *     that it should offer and does not
 * @param paused whether it holds clients back
 * @param attached members that it uses at all, for writers or readers; empty where it leads nobody
 *     but writers
 * @param cautions what is wrong with its own configuration: no operation of ours can mend it
 */
public record ProxyFacts(
    SortedSet<MemberId> leadsTo,
    List<String> strangers,
    boolean paused,
    SortedSet<MemberId> attached,
    List<String> cautions) {
  /** Copies the collections. */
  public ProxyFacts {
    leadsTo = Collections.unmodifiableSortedSet(new TreeSet<>(leadsTo));
    strangers = List.copyOf(strangers);
    attached = Collections.unmodifiableSortedSet(new TreeSet<>(attached));
    cautions = List.copyOf(cautions);
  }

  /** One that leads writers alone. */
  public ProxyFacts(SortedSet<MemberId> leadsTo, List<String> strangers, boolean paused) {
    this(leadsTo, strangers, paused, new TreeSet<>(), List.of());
  }

  /** Whether every writer comes to {@code primary} and to nobody else. */
  public boolean leadsOnlyTo(MemberId primary) {
    return strangers.isEmpty() && leadsTo.size() == 1 && leadsTo.first().equals(primary);
  }

  /** What it does, in words. */
  public String sentence() {
    String where = leadsTo.isEmpty() ? "leads to nobody" : "leads to " + join();
    String odd = strangers.isEmpty() ? "" : ", and " + String.join(", ", strangers);
    String wrong = cautions.isEmpty() ? "" : "; " + String.join("; ", cautions);
    return where + odd + (paused ? ", paused" : "") + wrong;
  }

  private String join() {
    return String.join(", ", leadsTo.stream().map(MemberId::name).toList());
  }
}
