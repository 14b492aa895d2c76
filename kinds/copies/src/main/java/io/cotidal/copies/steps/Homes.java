package io.cotidal.copies.steps;

import io.cotidal.copies.plan.Acts;
import io.cotidal.copies.spec.CopiesSpec.Isolation;
import io.cotidal.model.Details;
import java.io.IOException;
import java.util.Optional;

/** Finds where copies live: what lies at a place says so, whatever the configuration says now. */
final class Homes {
  private final Bench bench;

  Homes(Bench bench) {
    this.bench = bench;
  }

  /** Where the copy lives. */
  Home of(String id) throws IOException {
    return of(id, "");
  }

  /**
   * Where the copy of that name lives.
   *
   * @param name empty if it has none, or none is needed
   */
  Home of(String id, String name) throws IOException {
    Optional<Details> tenancy = Made.read(bench.layout().tenancy(id));
    return tenancy.isPresent()
        ? new SharedServer(bench, id, tenancy.get().need(Acts.GENERATION))
        : new OwnServer(bench, id, name);
  }

  /** Where a new one is to live: noted, for good, before anything is made there. */
  Home settle(String id, String name, String generation) throws IOException {
    return bench.spec().service().isolation() == Isolation.DATABASE
        ? share(id, generation)
        : new OwnServer(bench, id, name);
  }

  /** Notes that the copy is to live in the server of that generation. */
  SharedServer share(String id, String generation) throws IOException {
    Made.write(bench.layout().tenancy(id), Details.of(Acts.GENERATION, generation));
    return new SharedServer(bench, id, generation);
  }
}
