package io.cotidal.model;

/** What Cotidal may do to a resource by itself. */
public enum Mode {
  /** Looks, and never changes anything. */
  OBSERVE,
  /** Writes proposals down; each waits for an approval. */
  PROPOSE,
  /** Runs what is safe or disruptive by itself, and what is irreversible where the spec says so. */
  MANAGE
}
