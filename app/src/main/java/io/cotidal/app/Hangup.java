package io.cotidal.app;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SIGHUP, which asks a daemon to read its configuration again: systemd's {@code ExecReload} sends
 * it, and operators know it. A signal that comes before the daemon is ready is heeded once it is;
 * of many that come at once, one more reading follows the one under way. Thread-safe.
 *
 * <p>If the daemon was started on a terminal and that is gone, the signal means this, and the
 * daemon ends in order, as it did before it knew SIGHUP.
 */
final class Hangup {
  private static final Logger log = LoggerFactory.getLogger(Hangup.class);
  private static final String NAME = "HUP";

  private final BooleanSupplier terminal;
  private final boolean onTerminal;
  private final Runnable end;
  private final Semaphore waiting = new Semaphore(1);
  private final Semaphore reading = new Semaphore(1);
  private boolean early;
  private @Nullable Runnable reread;

  /**
   * Nothing is ready yet.
   *
   * @param terminal whether the process has a terminal of its own, at this moment
   * @param end ends the process
   */
  Hangup(BooleanSupplier terminal, Runnable end) {
    this.terminal = terminal;
    this.onTerminal = terminal.getAsBoolean();
    this.end = end;
  }

  /**
   * From now on the signal comes here. Java has no public way to hear a signal; {@code
   * sun.misc.Signal} is what the module {@code jdk.unsupported} keeps for it until there is one. It
   * is named at run time: the compiler warns of that class whatever is suppressed. A JVM that keeps
   * it from us ({@code -Xrs}), or whoever ignores the signal ({@code nohup}), goes on without.
   */
  void listen() {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object proxy =
          Proxy.newProxyInstance(
              Hangup.class.getClassLoader(),
              new Class<?>[] {handler},
              (self, method, arguments) -> answer(method));
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(NAME), proxy);
    } catch (InvocationTargetException e) {
      deaf(String.valueOf(e.getCause()));
    } catch (ReflectiveOperationException e) {
      deaf(e.toString());
    }
  }

  /** The JVM calls the one method of the interface; people may print what it holds. */
  private @Nullable Object answer(Method method) {
    if (method.getName().equals("handle")) {
      arrived();
      return null;
    }
    return switch (method.getName()) {
      case "equals" -> false;
      case "hashCode" -> hashCode();
      default -> "reads the configuration again";
    };
  }

  private static void deaf(String reason) {
    log.warn(
        "event=sighup-not-heard reason=\"{}\" remedy=\"cot apply reads the configuration again\"",
        reason);
  }

  /**
   * The daemon runs.
   *
   * @param reread reads its configuration again
   */
  void ready(Runnable reread) {
    boolean now;
    synchronized (this) {
      this.reread = reread;
      now = early;
      early = false;
    }
    if (now) {
      Thread.ofVirtual().name("early SIGHUP").start(() -> read(reread));
    }
  }

  /** The signal has come; on a thread that the JVM has for it. */
  void arrived() {
    if (onTerminal && !terminal.getAsBoolean()) {
      log.info("event=terminal-gone");
      end.run();
      return;
    }
    Runnable reader;
    synchronized (this) {
      reader = reread;
      early = reader == null;
    }
    if (reader != null) {
      read(reader);
    }
  }

  private void read(Runnable reader) {
    if (!waiting.tryAcquire()) {
      // Somebody waits already, and will read what stands in the file then.
      return;
    }
    reading.acquireUninterruptibly();
    waiting.release();
    try {
      reader.run();
    } finally {
      reading.release();
    }
  }
}
