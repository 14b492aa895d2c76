package io.cotidal.objects.spec;

import io.cotidal.model.Secret;
import java.util.Optional;

/**
 * A realm of container synchronisation, known to every site. Whoever has its key and a container's
 * may read and write that container.
 *
 * @param name as in {@code container-sync-realms.conf}
 * @param key its key
 * @param second another key, for the time in which keys are changed: a site that refuses one is
 *     asked with the other
 */
public record Realm(String name, Secret key, Optional<Secret> second) {}
