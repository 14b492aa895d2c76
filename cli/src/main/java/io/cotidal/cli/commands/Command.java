package io.cotidal.cli.commands;

import io.cotidal.cli.terminal.ExitCode;

/** One command that asks the server. */
public interface Command {
  /** Says what it takes. */
  void declare(Form form);

  /**
   * Runs it to its end.
   *
   * @throws io.cotidal.cli.terminal.Failure if it cannot be done
   * @throws io.cotidal.cli.api.Unreachable if the server does not answer
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  ExitCode run(Arguments arguments, Session session) throws InterruptedException;
}
