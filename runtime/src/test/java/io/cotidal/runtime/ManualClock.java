package io.cotidal.runtime;

import io.cotidal.model.Moment;
import java.time.Duration;
import java.util.PriorityQueue;

/** Time that moves when a test says so. */
final class ManualClock implements Clock {
  private record Task(long at, long order, Runnable work) implements Comparable<Task> {
    @Override
    public int compareTo(Task other) {
      int byTime = Long.compare(at, other.at);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  private final PriorityQueue<Task> tasks = new PriorityQueue<>();
  private long nanos = 1_000_000_000_000L;
  private long order;

  @Override
  public synchronized Moment now() {
    return new Moment(nanos, 1_700_000_000_000_000L + nanos / 1000);
  }

  @Override
  public synchronized Alarm at(long due, Runnable work) {
    Task task = new Task(due, order++, work);
    if (due <= nanos) {
      Thread.ofVirtual().start(work);
      return () -> {};
    }
    tasks.add(task);
    return () -> cancel(task);
  }

  private synchronized void cancel(Task task) {
    tasks.remove(task);
  }

  /** Moves time on, alarm by alarm. */
  void advance(Duration by) {
    long end = now().nanos() + by.toNanos();
    for (Task task = next(end); task != null; task = next(end)) {
      task.work().run();
    }
  }

  private synchronized Task next(long end) {
    Task first = tasks.peek();
    if (first == null || first.at() > end) {
      nanos = Math.max(nanos, end);
      return null;
    }
    nanos = Math.max(nanos, first.at());
    return tasks.poll();
  }
}
