package io.cotidal.gateway.relay;

import io.cotidal.gateway.outbox.Open;
import io.cotidal.model.MemberId;
import io.cotidal.objects.looks.Looking;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.placement.Rules;
import io.cotidal.objects.placement.Subject;
import io.cotidal.objects.placing.Placing;
import io.cotidal.objects.state.Agreed;
import io.cotidal.objects.state.Look;
import io.cotidal.objects.swift.SwiftTrouble;
import io.cotidal.remote.Deadline;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Asks all sites at the same time how a container stands, and the rules where it is to be. */
final class Heads {
  private final Sites sites;
  private final OwnSite own;

  Heads(Sites sites, OwnSite own) {
    this.sites = sites;
    this.own = own;
  }

  /**
   * Asks.
   *
   * @param open the container
   * @param resting sites that are not asked, with the reason
   * @param agreed what was agreed of it
   */
  Standing read(
      Open open,
      Placing placing,
      Optional<Agreed> agreed,
      Map<MemberId, String> resting,
      Deadline deadline)
      throws InterruptedException {
    ContainerName name = open.subject().container().orElseThrow();
    Map<MemberId, Looking.Seen> seen = all(open, placing, agreed, resting, deadline);
    Subject subject =
        seen.values().stream()
            .flatMap(each -> each.subject().stream())
            .findFirst()
            .orElseGet(() -> Subject.named(name));
    Set<MemberId> placed = placing.at(subject, whole(name, placing, deadline));
    Set<MemberId> silent = new LinkedHashSet<>();
    Map<MemberId, Look> looks = new LinkedHashMap<>();
    seen.forEach((site, one) -> {
      if (placed.contains(site) || one.look() instanceof Look.Seen) {
        looks.put(site, one.look());
        if (resting.containsKey(site) || one.trouble().filter(SwiftTrouble::siteWide).isPresent()) {
          silent.add(site);
        }
      }
    });
    return new Standing(placed, List.copyOf(looks.keySet()), looks, silent);
  }

  private Map<MemberId, Looking.Seen> all(
      Open open,
      Placing placing,
      Optional<Agreed> agreed,
      Map<MemberId, String> resting,
      Deadline deadline)
      throws InterruptedException {
    Map<MemberId, Looking.Seen> seen = new LinkedHashMap<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Map<MemberId, Future<Looking.Seen>> asked = new LinkedHashMap<>();
      for (MemberId site : placing.sites().keySet()) {
        String reason = resting.get(site);
        boolean had = agreed.filter(each -> each.had(site)).isPresent();
        asked.put(
            site,
            threads.submit(
                () -> reason == null ? look(site, open, had, deadline) : unknown(reason)));
      }
      for (Map.Entry<MemberId, Future<Looking.Seen>> each : asked.entrySet()) {
        seen.put(each.getKey(), each.getValue().get());
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("a site was asked in a way that is not foreseen", e);
    }
    return seen;
  }

  private Looking.Seen look(MemberId site, Open open, boolean had, Deadline deadline)
      throws SwiftTrouble, InterruptedException {
    ContainerName name = open.subject().container().orElseThrow();
    return site.equals(sites.here())
        ? own.look(open.subject(), () -> Looking.look(sites.own(), name, had, deadline))
            .orElseGet(() -> unknown(OwnSite.BUSY))
        : Looking.look(sites.at(site), name, had, deadline);
  }

  /** Asks this site alone. */
  Looking.Seen own(Open open, Optional<Agreed> agreed, Deadline deadline)
      throws SwiftTrouble, InterruptedException {
    boolean had = agreed.filter(each -> each.had(sites.here())).isPresent();
    return look(sites.here(), open, had, deadline);
  }

  private static Looking.Seen unknown(String reason) {
    return new Looking.Seen(new Look.Unknown(reason), Optional.empty(), Optional.empty());
  }

  /** The container whose objects have their parts in this one, as a rule may ask for it. */
  private Optional<Subject> whole(ContainerName parts, Placing placing, Deadline deadline)
      throws InterruptedException {
    Optional<ContainerName> whole = Rules.whole(parts);
    if (whole.isEmpty() || placing.lines().isEmpty()) {
      return Optional.empty();
    }
    Looking.Seen seen = Looking.look(sites.own(), whole.get(), false, deadline);
    return Optional.of(seen.subject().orElseGet(() -> Subject.named(whole.get())));
  }
}
