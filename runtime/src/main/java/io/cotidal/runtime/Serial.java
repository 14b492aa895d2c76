package io.cotidal.runtime;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks that may block, one after the other, on a virtual thread that lives while there are
 * any.
 */
final class Serial {
  private static final Logger log = LoggerFactory.getLogger(Serial.class);

  private final String name;
  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
  private boolean running;

  Serial(String name) {
    this.name = name;
  }

  synchronized void run(Runnable task) {
    tasks.add(task);
    if (!running) {
      running = true;
      Thread.ofVirtual().name(name).start(this::work);
    }
  }

  private void work() {
    for (Runnable task = next(); task != null; task = next()) {
      try {
        task.run();
      } catch (RuntimeException | Error e) {
        log.error("event=task-failed thread=\"{}\"", name, e);
      }
    }
  }

  private synchronized @Nullable Runnable next() {
    Runnable task = tasks.poll();
    running = task != null;
    return task;
  }
}
