package io.cotidal.remote;

import java.io.InputStream;
import java.io.OutputStream;

/** A program that runs, here or elsewhere, with what it says and what it is told as bytes. */
public interface Conduit extends AutoCloseable {
  /** What it says; ends when it has ended. */
  InputStream heard();

  /** What it is told; closed when there is no more. */
  OutputStream told();

  /** What it complained of, in one line; empty if it did not. */
  String complaint();

  /** Ends it, if it has not ended. */
  @Override
  void close();
}
