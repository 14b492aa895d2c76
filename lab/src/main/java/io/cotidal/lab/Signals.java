package io.cotidal.lab;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;

/**
 * Sends signals. The JDK knows only two of them, and a {@code kill} program would cost a process
 * each time.
 */
public final class Signals {
  /** Ends a process at once, stopped ones too. */
  public static final int KILL = 9;

  /** Asks a process to end. */
  public static final int TERM = 15;

  /** Lets a stopped process go on. */
  public static final int CONT = 18;

  /** Stops a process where it is. */
  public static final int STOP = 19;

  private static final MethodHandle SEND = link();

  private Signals() {}

  /**
   * Sends {@code signal} to {@code process} if it is still that one.
   *
   * @return false if it is gone
   * @throws IOException if this user may not signal it
   */
  public static boolean send(ProcessIdentity process, int signal) throws IOException {
    if (!process.alive()) {
      return false;
    }
    int answer;
    try {
      answer = (int) SEND.invokeExact((int) process.pid(), signal);
    } catch (Throwable e) {
      throw new IOException("signal " + signal + " to process " + process.pid() + " failed", e);
    }
    if (answer != 0 && process.alive()) {
      throw new IOException(
          "not allowed to send signal "
              + signal
              + " to process "
              + process.pid()
              + " of another user");
    }
    return answer == 0;
  }

  @SuppressWarnings("restricted")
  private static MethodHandle link() {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow("kill"),
        FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
  }
}
