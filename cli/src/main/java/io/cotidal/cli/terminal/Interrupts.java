package io.cotidal.cli.terminal;

/** Tells when the person at the terminal presses Ctrl-C. */
public interface Interrupts {
  /** Runs {@code farewell} if the process is told to end before the result is closed. */
  Watch onInterrupt(Runnable farewell);

  /** Ends the listening. */
  interface Watch extends AutoCloseable {
    @Override
    void close();
  }

  /** The signals of this process, by way of the JVM's shutdown. */
  static Interrupts system() {
    return farewell -> {
      Thread hook = new Thread(farewell, "farewell");
      Runtime.getRuntime().addShutdownHook(hook);
      return () -> {
        try {
          Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
          // The process is ending already: the hook runs, which is what it is for.
          return;
        }
      };
    };
  }
}
