package io.cotidal.copies.storage;

import java.io.IOException;

/** A system call that the kernel refused. */
final class CallFailed extends IOException {
  private static final long serialVersionUID = 1;

  static final int NOT_PERMITTED = 1;
  static final int NOT_THERE = 2;
  static final int BUSY = 16;
  static final int EXISTS = 17;
  static final int OTHER_DEVICE = 18;
  static final int INVALID = 22;
  static final int NO_SUCH_CALL = 25;
  static final int FULL = 28;
  static final int READ_ONLY = 30;
  static final int NOT_EMPTY = 39;
  static final int NOT_SUPPORTED = 95;
  static final int OVER_QUOTA = 122;

  private final int error;

  CallFailed(String call, int error, String reason) {
    super(call + ": " + reason);
    this.error = error;
  }

  /** The kernel's number for why. */
  int error() {
    return error;
  }
}
