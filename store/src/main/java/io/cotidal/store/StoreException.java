package io.cotidal.store;

import org.jspecify.annotations.Nullable;

/** The store cannot be opened, read or written. The message is one line: place, reason, remedy. */
public final class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StoreException(String message) {
    super(message);
  }

  StoreException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
