package io.cotidal.objects.spec;

import io.cotidal.model.MemberId;
import java.util.List;
import java.util.Optional;

/**
 * Which containers lie where. The first rule that fits decides; what fits none lies everywhere.
 *
 * @param rules in order
 */
public record Placement(List<Rule> rules) {
  /** Everything lies everywhere. */
  public static final Placement EVERYWHERE = new Placement(List.of());

  /** Copies the list. */
  public Placement {
    rules = List.copyOf(rules);
  }

  /**
   * One rule. What is empty fits everything.
   *
   * @param account a name, or the beginning of names followed by {@code *}
   * @param container the same
   * @param policy the storage policy, as it is called at the site that has the container
   * @param header a header of the container and a value it must have, {@code *} for any: {@code
   *     X-Container-Meta-Region: eu}
   * @param sites where; at least one
   * @param answer what clients are promised; as everywhere in the namespace if nothing is said
   * @param elsewhere when clients are given what other sites have; likewise
   */
  public record Rule(
      Optional<String> account,
      Optional<String> container,
      Optional<String> policy,
      Optional<Header> header,
      List<MemberId> sites,
      Optional<Promise> answer,
      Optional<Fallback> elsewhere) {
    /** Copies the list. */
    public Rule {
      sites = List.copyOf(sites);
    }

    /** One that says nothing of clients: it is for them as everywhere in the namespace. */
    public Rule(
        Optional<String> account,
        Optional<String> container,
        Optional<String> policy,
        Optional<Header> header,
        List<MemberId> sites) {
      this(account, container, policy, header, sites, Optional.empty(), Optional.empty());
    }
  }

  /** A header and the value that it must have. */
  public record Header(String name, String value) {}
}
