package io.cotidal.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/** Does many things side by side, so many at a time. */
final class ObjectsCrew {
  private ObjectsCrew() {}

  /** One of many. */
  @FunctionalInterface
  interface Task {
    void run(int number) throws BenchProblem, IOException;
  }

  /** Does it for each number below {@code count}. */
  static void each(int count, int most, Task task) throws BenchProblem {
    Semaphore room = new Semaphore(most);
    List<Callable<Integer>> calls = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int number = i;
      calls.add(() -> {
        room.acquire();
        try {
          task.run(number);
        } finally {
          room.release();
        }
        return number;
      });
    }
    try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Integer> each : pool.invokeAll(calls)) {
        int _ = each.get();
      }
    } catch (ExecutionException e) {
      throw new BenchProblem(String.valueOf(e.getCause()), e);
    } catch (InterruptedException e) {
      throw new BenchProblem("ended before it was done, as asked", e);
    }
  }
}
