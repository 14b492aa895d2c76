package io.cotidal.remote;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The signals that Cotidal sends, by the system call: a fork would cost more than the rest of a
 * fence.
 */
public enum Signal {
  /** SIGHUP: read the configuration again. */
  HANGUP(1),
  /** SIGINT: for a PostgreSQL server, stop in order without waiting for clients. */
  INTERRUPT(2),
  /** SIGQUIT: for a PostgreSQL server, stop at once. */
  QUIT(3),
  /** SIGKILL: reaches stopped processes too. */
  KILL(9),
  /** SIGTERM: for most servers, stop in order. */
  TERMINATE(15),
  /** SIGCONT: let a stopped process run on. */
  CONTINUE(18),
  /** SIGSTOP: freeze. */
  STOP(19);

  // Its two arguments are plain numbers.
  @SuppressWarnings("restricted")
  private static final MethodHandle SYSTEM_CALL =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker().defaultLookup().findOrThrow("kill"),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

  private final int number;

  Signal(int number) {
    this.number = number;
  }

  /**
   * Sends this signal to exactly that process.
   *
   * @return false if the process is gone
   * @throws IOException if the process is still there and the signal was not taken
   */
  public boolean send(ProcessId process) throws IOException {
    ProcessTable table = new ProcessTable();
    if (!table.alive(process)) {
      return false;
    }
    if (call((int) process.pid()) == 0) {
      return true;
    }
    if (table.alive(process)) {
      throw new IOException(
          "signal " + this + " to process " + process.pid() + ": not permitted to this user");
    }
    return false;
  }

  private int call(int pid) {
    try {
      return (int) SYSTEM_CALL.invokeExact(pid, number);
    } catch (Throwable e) {
      throw new IllegalStateException("kill(2) cannot be called", e);
    }
  }
}
