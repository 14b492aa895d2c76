package io.cotidal.objects.placement;

import io.cotidal.model.MemberId;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.spec.Placement;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The rules of a namespace. The first that fits decides; what fits none lies everywhere.
 *
 * @param placement as it is written
 * @param sites all there are, in the order of the configuration
 */
public record Rules(Placement placement, List<MemberId> sites) {
  /**
   * What clients and Swift's S3 interface add to a container's name for the parts of large objects.
   */
  private static final List<String> PARTS = List.of("_segments", "+segments");

  private static final String ANY = "*";

  /** Copies the list. */
  public Rules {
    sites = List.copyOf(sites);
  }

  /**
   * Where a container lies, in the order of the configuration; at least one site.
   *
   * @param whole the container whose objects have their parts in this one, if there is one: parts
   *     lie wherever what is made of them does, or it could not be read there
   */
  public List<MemberId> sites(Subject subject, Optional<Subject> whole) {
    Set<MemberId> at = new LinkedHashSet<>(sites(subject));
    whole.ifPresent(other -> at.addAll(sites(other)));
    return sites.stream().filter(at::contains).toList();
  }

  /** Where a container lies that holds no parts of other containers' objects. */
  public List<MemberId> sites(Subject subject) {
    List<MemberId> asked = rule(subject).map(Placement.Rule::sites).orElse(sites);
    List<MemberId> known = sites.stream().filter(asked::contains).toList();
    // A rule that names no site any more must not mean that a container is to be nowhere.
    return known.isEmpty() ? sites : known;
  }

  /** Whether any rule asks for more than names, so that containers must be looked at. */
  public boolean askMore() {
    return placement.rules().stream()
        .anyMatch(rule -> rule.policy().isPresent() || rule.header().isPresent());
  }

  /** The rule that decides; empty if none fits. */
  public Optional<Placement.Rule> rule(Subject subject) {
    return placement.rules().stream().filter(rule -> fits(rule, subject)).findFirst();
  }

  /** The container that this one holds the parts for, by its name, if it is such a name. */
  public static Optional<ContainerName> whole(ContainerName parts) {
    String name = parts.container();
    return PARTS.stream()
        .filter(suffix -> name.endsWith(suffix) && name.length() > suffix.length())
        .map(suffix -> name.substring(0, name.length() - suffix.length()))
        .map(bare -> new ContainerName(parts.account(), bare))
        .findFirst();
  }

  private static boolean fits(Placement.Rule rule, Subject subject) {
    return named(rule.account(), subject.name().account())
        && named(rule.container(), subject.name().container())
        && rule.policy().filter(policy -> !policy.equals(subject.policy())).isEmpty()
        && rule.header().filter(header -> !has(subject, header)).isEmpty();
  }

  private static boolean named(Optional<String> pattern, String name) {
    return pattern
        .map(asked ->
            asked.endsWith(ANY)
                ? name.startsWith(asked.substring(0, asked.length() - 1))
                : name.equals(asked))
        .orElse(true);
  }

  private static boolean has(Subject subject, Placement.Header header) {
    String value = subject.headers().get(header.name().toLowerCase(Locale.ROOT));
    return value != null && (header.value().equals(ANY) || header.value().equals(value));
  }
}
