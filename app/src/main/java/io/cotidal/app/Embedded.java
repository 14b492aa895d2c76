package io.cotidal.app;

import io.cotidal.app.config.Configuration;
import io.cotidal.app.config.Loaded;
import io.cotidal.app.kinds.Kinds;
import io.cotidal.engine.Command;
import io.cotidal.engine.Reply;
import io.cotidal.engine.ResourceView;
import io.cotidal.model.Action;
import io.cotidal.model.Actor;
import io.cotidal.model.Details;
import io.cotidal.model.Operation;
import io.cotidal.model.Report;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Step;
import io.cotidal.runtime.ControlPlane;
import io.cotidal.server.events.OperationWatch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Cotidal inside another Java program: the whole daemon, as {@code cot serve} runs it, with its
 * actions as method calls. Page and API answer where the configuration says. Thread-safe.
 *
 * <p>Actions, their input and their refusals are those of the command line; a refusal is an {@link
 * IllegalArgumentException} with the same line, and has changed nothing.
 */
public final class Embedded implements AutoCloseable {
  private static final Actor CALLER = new Actor("library");
  private static final Duration REPLY = Duration.ofSeconds(30);

  private final Wiring wiring;

  private Embedded(Wiring wiring) {
    this.wiring = wiring;
  }

  /**
   * Starts a daemon by that file.
   *
   * @throws StartFailure with a line for each thing that is wrong with the file, or one if the
   *     daemon cannot start; nothing runs then
   */
  public static Embedded start(Path file) throws StartFailure {
    Path folder = file.toAbsolutePath().getParent();
    Loaded loaded =
        Kinds.reader(Map.of(), System.getenv(), folder == null ? Path.of(".") : folder).read(file);
    return switch (loaded) {
      case Loaded.Valid valid -> start(valid.configuration());
      case Loaded.Invalid invalid -> {
        String lines =
            invalid.problems().stream().map(String::valueOf).collect(Collectors.joining("\n"));
        throw new StartFailure(lines, new IOException(file + " is not valid"));
      }
    };
  }

  private static Embedded start(Configuration configuration) throws StartFailure {
    return new Embedded(Wiring.start(configuration, "embedded"));
  }

  /** The resource as it is shown everywhere. */
  public ResourceView status(String resource) {
    ResourceId id = ResourceId.parse(resource);
    return control()
        .resource(id)
        .orElseThrow(() -> new IllegalArgumentException("there is no resource " + id));
  }

  /**
   * Waits until this daemon may act on the resource and has looked at every member, {@code limit}
   * at most; whether it is so.
   */
  public boolean awaitReady(String resource, Duration limit) throws InterruptedException {
    long until = System.nanoTime() + limit.toNanos();
    OnChange changes = new OnChange(control());
    try (changes) {
      while (!ready(status(resource))) {
        long left = until - System.nanoTime();
        if (left <= 0 || !changes.await(left)) {
          return false;
        }
      }
      return true;
    }
  }

  private static boolean ready(ResourceView view) {
    return view.leading() && !view.diagnosis().code().equals("not-looked");
  }

  /** Wakes whoever waits for something to be shown otherwise. */
  private static final class OnChange implements AutoCloseable {
    private final Semaphore told = new Semaphore(0);
    private final AutoCloseable subscription;

    OnChange(ControlPlane plane) {
      this.subscription = plane.subscribe(change -> told.release());
    }

    boolean await(long nanos) throws InterruptedException {
      boolean changed = told.tryAcquire(nanos, TimeUnit.NANOSECONDS);
      told.drainPermits();
      return changed;
    }

    @Override
    public void close() {
      try {
        subscription.close();
      } catch (Exception e) {
        throw new IllegalStateException("a subscription ends without fail", e);
      }
    }
  }

  /**
   * Asks for an action and waits for its end, {@code limit} at most. The operation that is returned
   * says how it ended, or that it goes on.
   *
   * @throws IllegalArgumentException if it is refused; nothing has changed then
   * @throws IllegalStateException if this daemon cannot take it now; nothing has changed then
   */
  public Operation act(String resource, String action, Map<String, String> input, Duration limit)
      throws InterruptedException {
    ResourceId id = ResourceId.parse(resource);
    try (OperationWatch watch = new OperationWatch(control())) {
      return switch (reply(id, action, input, false)) {
        case Reply.Accepted accepted -> watch.settled(accepted.operation(), limit);
        case Reply other -> throw refusal(other);
      };
    }
  }

  /**
   * What an action would do, a sentence a step; nothing is done. Steps behind a decision are those
   * that it will probably lead to.
   *
   * @throws IllegalArgumentException if it would be refused
   */
  public List<String> dryRun(String resource, String action, Map<String, String> input)
      throws InterruptedException {
    return switch (reply(ResourceId.parse(resource), action, input, true)) {
      case Reply.Preview preview ->
          Stream.concat(preview.steps().stream(), preview.predicted().stream())
              .map(Step::sentence)
              .toList();
      case Reply other -> throw refusal(other);
    };
  }

  /**
   * Answers a question: an action that reads.
   *
   * @throws IllegalArgumentException if there is no such resource or question
   */
  public Report ask(String resource, String question, Map<String, String> input) {
    ResourceId id = ResourceId.parse(resource);
    return control()
        .read(id, question, Details.copyOf(input))
        .orElseThrow(() -> new IllegalArgumentException("there is no resource " + id));
  }

  /** What can be asked of resources of that kind. */
  public List<Action> actions(String kind) {
    return control().actions().stream().filter(action -> action.kind().equals(kind)).toList();
  }

  private ControlPlane control() {
    return wiring.control();
  }

  private Reply reply(ResourceId id, String action, Map<String, String> input, boolean dryRun)
      throws InterruptedException {
    Command begin = new Command.Begin(CALLER, action, Details.copyOf(input), null, dryRun);
    try {
      return control().command(id, begin).get(REPLY.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException("the daemon is stopping", e);
    } catch (TimeoutException e) {
      throw new IllegalStateException(
          "the journal has not answered in "
              + REPLY.toSeconds()
              + " s; it may still take it: look at the operations before asking again",
          e);
    }
  }

  private static RuntimeException refusal(Reply reply) {
    return switch (reply) {
      case Reply.Invalid invalid -> new IllegalArgumentException(invalid.reason());
      case Reply.Declined declined -> new IllegalArgumentException(declined.reason());
      case Reply.NotFound missing -> new IllegalArgumentException(missing.what());
      case Reply.Conflict conflict -> new IllegalStateException(conflict.reason());
      case Reply.NotLeading other -> new IllegalStateException(other.reason());
      case Reply.StoreFailed failed -> new IllegalStateException(failed.reason());
      case Reply.Accepted accepted -> new IllegalStateException("taken: " + accepted.operation());
      case Reply.Preview preview -> new IllegalStateException("only a preview: " + preview);
      case Reply.Noted noted -> new IllegalStateException("only noted");
    };
  }

  /** Ends the daemon in order; the servers go on. */
  @Override
  public void close() {
    wiring.close();
  }
}
