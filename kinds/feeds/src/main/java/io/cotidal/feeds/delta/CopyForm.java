package io.cotidal.feeds.delta;

/** What {@code COPY … BINARY} wants around rows. */
final class CopyForm {
  /** Signature, flags, no extension. */
  static final byte[] HEAD = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
  };

  /** The end. */
  static final byte[] TAIL = {(byte) 0xff, (byte) 0xff};

  private CopyForm() {}
}
