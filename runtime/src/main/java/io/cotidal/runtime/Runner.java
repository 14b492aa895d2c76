package io.cotidal.runtime;

import io.cotidal.engine.Driver;
import java.time.Duration;
import java.util.Optional;

/**
 * A loop with what it must be watched for and what must be closed after it.
 *
 * @param patience how long it may not turn before it counts as stuck
 * @param watch over its source of members, if it has one
 */
record Runner(
    ResourceLoop<?, ?> loop, Duration patience, Driver<?> driver, Optional<SourceWatch> watch) {}
