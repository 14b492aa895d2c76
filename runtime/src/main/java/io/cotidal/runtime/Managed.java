package io.cotidal.runtime;

import io.cotidal.engine.Driver;
import io.cotidal.engine.Kind;
import io.cotidal.model.Spec;
import java.util.Optional;

/**
 * A resource that a daemon runs.
 *
 * @param driver closed by the daemon when it stops
 * @param discovery where members come from; empty if the spec names them
 */
public record Managed<S extends Spec, F>(
    Kind<S, F> kind, S spec, Driver<F> driver, Optional<Discovery> discovery) {
  /** A resource whose members the spec names. */
  public Managed(Kind<S, F> kind, S spec, Driver<F> driver) {
    this(kind, spec, driver, Optional.empty());
  }

  /** Closes what no daemon has come to run. */
  public void abandon() {
    driver.close();
    discovery.ifPresent(found -> found.source().close());
  }
}
