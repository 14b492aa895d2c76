package io.cotidal.feeds.plan;

/** The control plane dies here. */
final class Killed extends RuntimeException {
  private static final long serialVersionUID = 1L;
}
