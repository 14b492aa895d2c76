package io.cotidal.app.config;

import io.cotidal.model.Secret;

/** Resolves references to secrets. */
interface Secrets {
  /**
   * The secret behind {@code env:NAME} or {@code file:PATH}. Never throws, and never quotes what is
   * no reference.
   */
  Form.Read<Secret> resolve(String reference);
}
