package io.cotidal.engine;

import io.cotidal.model.ResourceId;
import io.cotidal.model.Secret;
import java.util.Optional;

/**
 * Where secrets are kept that will be needed later: encrypted, under a key that lies outside the
 * store. Thread-safe; a change is durable when its call returns.
 */
public interface SecretStore {
  /** Keeps {@code secret} under that name, in the place of an older one. */
  void put(ResourceId resource, String name, Secret secret);

  /**
   * The secret of that name.
   *
   * @throws RuntimeException if it is there and cannot be read: another key, or damage; the message
   *     says which
   */
  Optional<Secret> find(ResourceId resource, String name);

  /** Forgets the secret of that name; one that is not there is no error. */
  void drop(ResourceId resource, String name);
}
