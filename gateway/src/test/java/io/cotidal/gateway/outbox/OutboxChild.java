package io.cotidal.gateway.outbox;

import io.cotidal.gateway.request.Subject;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** A process that writes into an outbox, says what was acknowledged, and is killed. */
final class OutboxChild {
  private static final int CLIENTS = 6;

  private final Outbox outbox;
  private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);

  private OutboxChild(Outbox outbox) {
    this.outbox = outbox;
  }

  /** The folder, and what to do: {@code load}, or {@code full}. */
  public static void main(String[] arguments) throws Exception {
    boolean full = arguments[1].equals("full");
    OutboxLimits limits =
        new OutboxLimits(full ? 1L << 30 : 3_000, 1_000_000, 10_000, Duration.ofMinutes(1));
    OutboxChild child =
        new OutboxChild(Outbox.open(Path.of(arguments[0]), limits, InstantSource.system()));
    if (full) {
      child.fill();
      child.outbox.close();
    } else {
      for (int client = 1; client < CLIENTS; client++) {
        int mine = client;
        Thread.ofPlatform().daemon().start(() -> child.load(mine));
      }
      child.load(0);
    }
  }

  private static <T extends @Nullable Object> T got(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  private synchronized void say(String line) {
    out.println(line);
  }

  private void load(int client) {
    long run = ProcessHandle.current().pid();
    for (int i = 0; ; i++) {
      Subject box = new Subject("AUTH_a", "box-" + run + "-" + client + "-" + i);
      Ticket ticket = got(outbox.intend(box, "PUT", new Footing.Nothing()));
      say("+ " + box.box() + " " + ticket.stamp().steps());
      if (i % 3 == 0) {
        continue;
      }
      if (i % 3 == 1) {
        got(outbox.kept(box, new Footing.Known("agreed " + i)));
        say("k " + box.box() + " " + i);
      }
      // From here on it may be gone.
      say("- " + box.box() + " 0");
      var _ = outbox.ended(ticket, i % 2 == 0);
      got(outbox.converged(box, 1));
    }
  }

  /** Until the disk takes no more; then most of it is let go, and it takes more again. */
  private void fill() throws InterruptedException {
    Footing large = new Footing.Known("x".repeat(1_000));
    for (int i = 0; ; i++) {
      Subject box = new Subject("AUTH_a", "box-" + i);
      try {
        Ticket ticket = outbox.intend(box, "PUT", large).toCompletableFuture().get();
        say("+ " + box.box() + " " + ticket.stamp().steps());
        outbox.ended(ticket, true).toCompletableFuture().get();
        if (i % 10 != 0) {
          outbox.converged(box, 1).toCompletableFuture().get();
          say("- " + box.box() + " 0");
        }
      } catch (ExecutionException e) {
        say("failed " + e.getCause());
        break;
      }
    }
    Subject late = new Subject("AUTH_a", "late");
    Ticket ticket = got(outbox.intend(late, "PUT", new Footing.Nothing()));
    say("+ late " + ticket.stamp().steps());
  }
}
