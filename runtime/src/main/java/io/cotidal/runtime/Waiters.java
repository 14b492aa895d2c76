package io.cotidal.runtime;

import io.cotidal.engine.Reply;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Those who wait for the reply to a command. Thread-safe. */
final class Waiters {
  private final String name;
  private final AtomicLong asked = new AtomicLong();
  private final Map<String, CompletableFuture<Reply>> waiting = new ConcurrentHashMap<>();
  private volatile boolean ended;

  Waiters(String name) {
    this.name = name;
  }

  /** Someone waits from before {@code send} is called with the command's id. */
  CompletableFuture<Reply> await(Consumer<String> send) {
    String id = "c" + asked.incrementAndGet();
    CompletableFuture<Reply> reply = new CompletableFuture<>();
    waiting.put(id, reply);
    send.accept(id);
    if (ended) {
      end();
    }
    return reply;
  }

  void reply(String id, Reply reply) {
    CompletableFuture<Reply> waiter = waiting.remove(id);
    if (waiter != null) {
      // What hangs on the future is not the caller's work.
      Thread.ofVirtual().name("reply " + name).start(() -> waiter.complete(reply));
    }
  }

  void replyAll(Reply reply) {
    waiting.forEach((id, waiter) -> reply(id, reply));
  }

  /** Nobody gets a reply any more. */
  void end() {
    ended = true;
    waiting.forEach((id, waiter) ->
        waiter.completeExceptionally(new IllegalStateException("the daemon is stopping")));
    waiting.clear();
  }
}
