package io.cotidal.objects.mover;

import io.cotidal.objects.swift.SwiftTrouble;
import io.cotidal.objects.swift.SwiftTrouble.Why;
import java.util.Optional;

/** A site did not do something, however often it was asked. One line. */
final class SiteFailed extends Exception {
  private static final long serialVersionUID = 1L;
  private static final int EXISTS = 412;

  private final int site;
  private final Optional<Why> why;
  private final int status;

  /** For a reason of ours. */
  SiteFailed(int site, String message) {
    super(message);
    this.site = site;
    this.why = Optional.empty();
    this.status = 0;
  }

  SiteFailed(int site, SwiftTrouble trouble) {
    super(trouble.getMessage(), trouble);
    this.site = site;
    this.why = Optional.of(trouble.why());
    this.status = trouble.status().orElse(0);
  }

  /** Which site, by its place. */
  int site() {
    return site;
  }

  /** Whether it was for this. */
  boolean was(Why reason) {
    return why.isPresent() && why.get() == reason;
  }

  /** Whether there is an object where there was to be none. */
  boolean exists() {
    return status == EXISTS;
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
