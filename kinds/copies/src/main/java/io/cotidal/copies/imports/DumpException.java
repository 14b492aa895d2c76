package io.cotidal.copies.imports;

import java.io.IOException;

/** A dump that cannot be used as it is; the message is one line with reason and remedy. */
public final class DumpException extends IOException {
  private static final long serialVersionUID = 1;

  DumpException(String message) {
    super(message);
  }

  DumpException(String message, Throwable cause) {
    super(message, cause);
  }
}
