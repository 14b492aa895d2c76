package io.cotidal.model;

/** How much a fact matters to an operator. */
public enum Severity {
  /** Good to know. */
  INFO,
  /** Somebody should look. */
  WARNING,
  /** Somebody must act. */
  CRITICAL
}
