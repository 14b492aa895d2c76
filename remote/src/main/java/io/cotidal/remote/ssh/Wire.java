package io.cotidal.remote.ssh;

import io.cotidal.remote.Deadline;

/** Two ends that send each other lines. */
public interface Wire extends AutoCloseable {
  /** Sends one line. */
  void say(String line) throws SshFailure;

  /** Says that no more is sent. */
  void sayNoMore() throws SshFailure;

  /**
   * The next line that the other end sent.
   *
   * @throws SshFailure if none came by the deadline, or the other end has ended
   */
  String hear(Deadline deadline) throws SshFailure, InterruptedException;

  /** Whether it can still be talked to. */
  boolean open();

  @Override
  void close();
}
