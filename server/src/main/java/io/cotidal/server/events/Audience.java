package io.cotidal.server.events;

import io.cotidal.engine.Store.LoggedEvent;
import io.cotidal.model.ResourceId;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Who listens to a stream, and to what.
 *
 * @param after the last event that the listener has; negative if it begins anew
 * @param wants which resources it wants and may see
 * @param shown what it may see of an event of such a resource
 * @param stillAllowed whether its token still holds
 */
public record Audience(
    long after,
    Predicate<ResourceId> wants,
    Function<LoggedEvent, Optional<EventView>> shown,
    BooleanSupplier stillAllowed) {}
