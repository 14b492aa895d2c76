package io.cotidal.objects.mover;

import io.cotidal.objects.ledger.Ledger;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.spec.ObjectsSpec.Care;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * What a pass is about.
 *
 * @param sites all that have the container or are to have it, always in the same order. The
 *     container is there already, with a key, and at all of them versions are kept or at none
 * @param book the folder in which it is kept what is agreed on about this container, and nothing
 *     else; one pass at a time
 * @param ledger of the namespace
 * @param care what stops us, and what becomes of losers
 * @param objects that are worked on at the same time, at most
 * @param throttle over all that moves
 * @param clock that runs right
 * @param chance for the pauses before something is tried again
 */
public record PassOrder(
    ContainerName container,
    List<PassSite> sites,
    Path book,
    Ledger ledger,
    Care care,
    int objects,
    Throttle throttle,
    InstantSource clock,
    RandomGenerator chance) {
  /** Checks and copies. */
  public PassOrder {
    sites = List.copyOf(sites);
    if (sites.isEmpty() || objects < 1) {
      throw new IllegalArgumentException("a pass has one site and one object at a time at least");
    }
  }

  /** The sites by name. */
  List<String> names() {
    return sites.stream().map(site -> site.swift().member().name()).toList();
  }
}
