package io.cotidal.objects.swift;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/** A site did not do what it was asked. One line: which site, what was asked, reason and remedy. */
public final class SwiftTrouble extends Exception {
  private static final long serialVersionUID = 1L;

  /** Why. */
  public enum Why {
    /** Nobody answered, or not in time. What was asked may have been done all the same. */
    UNREACHABLE,
    /** The site does not believe us, or does not let us. */
    REFUSED,
    /** The account, the container or the object is not there. */
    MISSING,
    /** What is there does not let it be done: a container that is not empty, a later write. */
    CONFLICT,
    /** The site is in trouble or has too much to do; later it may do it. */
    BUSY,
    /** The site will never do it as it was asked. */
    REJECTED,
    /** What came is not what Swift answers, or broke off in the middle. */
    BROKEN,
    /** What was to be sent could not be read to its end: not this site's fault. */
    SOURCE,
    /** The thread was interrupted, and still is. */
    INTERRUPTED
  }

  private final Why why;
  private final int status;
  private final Optional<Duration> after;

  SwiftTrouble(Why why, String message, Throwable cause) {
    super(message, cause);
    this.why = why;
    this.status = 0;
    this.after = Optional.empty();
  }

  SwiftTrouble(Why why, String message, int status, Optional<Duration> after) {
    super(message);
    this.why = why;
    this.status = status;
    this.after = after;
  }

  /** Why. */
  public Why why() {
    return why;
  }

  /** The status of the answer, if there was one. */
  public OptionalInt status() {
    return status == 0 ? OptionalInt.empty() : OptionalInt.of(status);
  }

  /** After how long the site wants to be asked again, if it said so. */
  public Optional<Duration> after() {
    return after;
  }

  /** Whether the same may go well later, without anybody changing anything. */
  public boolean passing() {
    return switch (why) {
      case UNREACHABLE, BUSY, BROKEN, SOURCE -> true;
      case REFUSED, MISSING, CONFLICT, REJECTED, INTERRUPTED -> false;
    };
  }

  /** Whether it would be the same with any other container: it is the site itself. */
  public boolean siteWide() {
    return switch (why) {
      case UNREACHABLE, BUSY, BROKEN, REFUSED -> true;
      case MISSING, CONFLICT, REJECTED, SOURCE, INTERRUPTED -> false;
    };
  }

  /** What a caller throws instead of one that is {@link Why#INTERRUPTED}: it says so itself. */
  public InterruptedException interruption() {
    Thread.interrupted();
    return new InterruptedException(getMessage());
  }

  /** Never null. */
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
