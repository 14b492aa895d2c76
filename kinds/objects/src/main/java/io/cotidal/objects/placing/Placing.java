package io.cotidal.objects.placing;

import io.cotidal.model.MemberId;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.placement.Rules;
import io.cotidal.objects.placement.Subject;
import io.cotidal.objects.spec.ObjectsSpec;
import io.cotidal.objects.spec.Placement;
import io.cotidal.objects.spec.Promise;
import io.cotidal.objects.spec.Site.Role;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which container lies where, and what its clients are promised.
 *
 * @param generation grows with each change
 * @param sites all there are, in the order of the configuration, and what each is for
 * @param lines the rules in order; the first that fits decides
 * @param usual what is promised where no rule fits
 */
public record Placing(long generation, Map<MemberId, Role> sites, List<Line> lines, Promise usual) {
  /** Copies the collections. */
  public Placing {
    sites = Collections.unmodifiableMap(new LinkedHashMap<>(sites));
    lines = List.copyOf(lines);
    if (sites.isEmpty()) {
      throw new IllegalArgumentException("it names no site");
    }
    for (Line line : lines) {
      for (MemberId site : line.rule().sites()) {
        if (!sites.containsKey(site)) {
          throw new IllegalArgumentException(
              "a rule names the site " + site + ", which is unknown");
        }
      }
    }
  }

  /** A rule, and what is promised to clients of the containers that it fits. */
  public record Line(Placement.Rule rule, Promise promise) {}

  /** Everything lies everywhere. */
  public static Placing everywhere(List<MemberId> sites, Promise usual) {
    Map<MemberId, Role> active = new LinkedHashMap<>();
    sites.forEach(site -> active.put(site, Role.ACTIVE));
    return new Placing(0, active, List.of(), usual);
  }

  /**
   * As an operator asks for it.
   *
   * @param generation greater than that of any before
   */
  public static Placing of(ObjectsSpec spec, long generation) {
    Map<MemberId, Role> sites = new LinkedHashMap<>();
    spec.sites().forEach(site -> sites.put(site.member(), site.role()));
    return new Placing(
        generation,
        sites,
        spec.placement().rules().stream()
            .map(rule -> new Line(rule, rule.answer().orElse(spec.answer())))
            .toList(),
        spec.answer());
  }

  /** Whether clients are served there. */
  public boolean serves(MemberId site) {
    return sites.getOrDefault(site, Role.BACKUP) == Role.ACTIVE;
  }

  /** The same, to be asked where a container lies. */
  public Rules rules() {
    return new Rules(
        new Placement(lines.stream().map(Line::rule).toList()), List.copyOf(sites.keySet()));
  }

  /**
   * Where a container is to be.
   *
   * @param whole the container whose objects have their parts in it, if there is one
   */
  public Set<MemberId> at(Subject subject, Optional<Subject> whole) {
    return new LinkedHashSet<>(rules().sites(subject, whole));
  }

  /** What is promised to clients of a container of which only the name is known. */
  public Promise promise(ContainerName name) {
    Subject subject = Subject.named(name);
    for (Line line : lines) {
      Rules one = new Rules(new Placement(List.of(line.rule())), List.copyOf(sites.keySet()));
      if (one.rule(subject).isPresent()) {
        return line.promise();
      }
    }
    return usual;
  }
}
