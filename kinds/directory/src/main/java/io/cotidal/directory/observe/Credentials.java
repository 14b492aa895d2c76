package io.cotidal.directory.observe;

/**
 * Whether a password that was stored on a server, where nobody can read it, is the configured one.
 */
public enum Credentials {
  /** Cotidal stored it, and it is the configured one. */
  CURRENT,
  /** Cotidal stored it, and another one is configured now. */
  OTHER,
  /** Somebody else stored it. */
  UNKNOWN
}
