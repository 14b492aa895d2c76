package io.cotidal.objects.steps;

import io.cotidal.model.MemberId;
import io.cotidal.objects.looks.Looking;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.placement.Rules;
import io.cotidal.objects.placement.Subject;
import io.cotidal.objects.spec.ObjectsSpec;
import io.cotidal.objects.spec.Site;
import io.cotidal.objects.state.Look;
import io.cotidal.objects.swift.Swift;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Asks sites how a container stands, and the rules where it is to be. */
final class Heads {
  private final ObjectsSpec spec;
  private final Map<MemberId, Swift> sites;
  private final Agreements agreements;
  private final Rules rules;

  Heads(ObjectsSpec spec, Map<MemberId, Swift> sites, Agreements agreements) {
    this.spec = spec;
    this.sites = sites;
    this.agreements = agreements;
    this.rules = new Rules(spec.placement(), spec.sites().stream().map(Site::member).toList());
  }

  /**
   * Asks all sites, and reads anew what is agreed of it.
   *
   * @param silent those that are not asked, with the reason
   * @param also sites where it is to be, whatever the rules say
   */
  Standing read(
      ContainerName name, Map<MemberId, String> silent, Set<MemberId> also, Deadline deadline)
      throws IOException, InterruptedException {
    agreements.again(name);
    Map<MemberId, Look> looks = new LinkedHashMap<>();
    Subject subject = Subject.named(name);
    for (MemberId site : rules.sites()) {
      String reason = silent.get(site);
      if (reason != null) {
        looks.put(site, new Look.Unknown(reason));
        continue;
      }
      Looking.Seen seen = look(name, site, deadline);
      looks.put(site, seen.look());
      if (seen.subject().isPresent() && subject.policy().isEmpty()) {
        subject = seen.subject().get();
      }
    }
    Set<MemberId> placed = new LinkedHashSet<>(rules.sites(subject, whole(name, silent, deadline)));
    placed.addAll(also);
    List<MemberId> concerned =
        rules.sites().stream()
            .filter(site -> placed.contains(site) || concerned(name, site, looks.get(site)))
            .toList();
    Map<MemberId, Look> theirs = new LinkedHashMap<>(looks);
    theirs.keySet().retainAll(concerned);
    return new Standing(name, concerned, placed, theirs);
  }

  /**
   * Whether a site that the rules do not name has it all the same. One that cannot be read now, and
   * had it, is not forgotten for that.
   */
  private boolean concerned(ContainerName name, MemberId site, @Nullable Look look) {
    return look instanceof Look.Seen
        || (look instanceof Look.Unknown
            && agreements.of(name).filter(agreed -> agreed.had(site)).isPresent());
  }

  /** The container whose objects have their parts in this one, as a rule may ask for it. */
  private Optional<Subject> whole(
      ContainerName parts, Map<MemberId, String> silent, Deadline deadline)
      throws IOException, InterruptedException {
    Optional<ContainerName> whole = Rules.whole(parts);
    if (whole.isEmpty() || spec.placement().rules().isEmpty()) {
      return Optional.empty();
    }
    agreements.again(whole.get());
    for (MemberId site : rules.sites()) {
      if (!silent.containsKey(site)) {
        Optional<Subject> subject = look(whole.get(), site, deadline).subject();
        if (subject.isPresent()) {
          return subject;
        }
      }
    }
    return Optional.of(Subject.named(whole.get()));
  }

  /** Asks one site for one container. */
  Look at(ContainerName name, MemberId site, Deadline deadline)
      throws IOException, InterruptedException {
    agreements.again(name);
    return look(name, site, deadline).look();
  }

  private Looking.Seen look(ContainerName name, MemberId site, Deadline deadline)
      throws InterruptedException {
    Swift swift = sites.get(site);
    if (swift == null) {
      throw new IllegalArgumentException("there is no site " + site);
    }
    boolean had = agreements.of(name).filter(agreed -> agreed.had(site)).isPresent();
    return Looking.look(swift, name, had, deadline);
  }
}
