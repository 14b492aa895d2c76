package io.cotidal.app.feeds;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Stories that do not disturb one another. Whoever asks for one of them first lets all be told at
 * once, and waits for all, so that none goes on beside what follows; each test hears how its own
 * ended.
 */
final class SideBySide {
  /** More programs at once than that only wait for one another. */
  private static final int PROGRAMS = 4;

  private final Map<String, Story> stories = new TreeMap<>();
  private final Map<String, Future<?>> told = new TreeMap<>();

  /** Something that may fail. */
  @FunctionalInterface
  interface Story {
    void tell() throws Exception;
  }

  /** Something that is done with a thing, and may fail. */
  @FunctionalInterface
  interface Work<T> {
    void on(T each) throws Exception;
  }

  /** Has another one, before any is told. */
  SideBySide with(String name, Story story) {
    stories.put(name, story);
    return this;
  }

  /** How that one ended: it fails as the story did. */
  void hear(String name) throws Exception {
    if (told.isEmpty()) {
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        stories.forEach((each, story) ->
            told.put(
                each,
                threads.submit(() -> {
                  tell(each, story);
                  return true;
                })));
      }
    }
    ended(told.get(name));
  }

  private static void tell(String name, Story story) throws Exception {
    long began = System.nanoTime();
    try {
      story.tell();
    } finally {
      System.out.printf(
          "story %s ended after %.1f s%n", name, (System.nanoTime() - began) / 1_000_000_000.0);
    }
  }

  /** Does it with each of many things, a few at once; fails as the first that failed. */
  static <T> void each(Collection<T> all, Work<T> work) throws Exception {
    List<Future<?>> done = new ArrayList<>();
    try (ExecutorService threads =
        Executors.newFixedThreadPool(PROGRAMS, Thread.ofVirtual().factory())) {
      for (T each : all) {
        done.add(
            threads.submit(() -> {
              work.on(each);
              return true;
            }));
      }
    }
    for (Future<?> each : done) {
      ended(each);
    }
  }

  private static void ended(Future<?> future) throws Exception {
    try {
      future.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case Exception failure -> throw failure;
        case Error failure -> throw failure;
        case null, default -> throw e;
      }
    }
  }
}
