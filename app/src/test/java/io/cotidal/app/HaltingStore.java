package io.cotidal.app;

import io.cotidal.engine.Row;
import io.cotidal.engine.Snapshot;
import io.cotidal.engine.Store;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationId;
import io.cotidal.model.ResourceId;
import io.cotidal.model.StepState;
import io.cotidal.remote.ProcessTable;
import io.cotidal.remote.Signal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A journal at one of whose commits the process ends as by {@code kill -9}. At which one stands in
 * a file; commits are counted from the first that finds it, anew for each file. Batches of nothing
 * but events do not count.
 */
public final class HaltingStore implements Store {
  private static final int KILLED = 137;

  private final Store store;
  private final Path order;
  private final AtomicReference<Optional<Order>> known = new AtomicReference<>(Optional.empty());
  private final AtomicInteger counted = new AtomicInteger();

  HaltingStore(Store store, Path order) {
    this.store = store;
    this.order = order;
  }

  /** On which side of a commit the process ends. */
  public enum Side {
    /** Nothing of the batch is written; what earlier batches allowed may have been done. */
    BEFORE,
    /** The batch is durable, and nobody has been told. */
    AFTER,
    /**
     * At the first commit of the intent to promote, whatever number is ordered: the batch is
     * durable, nobody has been told, and the process does not end but stops, until somebody takes
     * the file away and lets it go on. It does so outside every gate: one that it held would be
     * waited for until it goes on.
     */
    FREEZE
  }

  /**
   * The file's content.
   *
   * @param commit which, from 1
   * @param round another number for each file
   */
  public record Order(Side side, int commit, int round) {
    /** Makes it the order in force. */
    public void write(Path file) throws IOException {
      Path draft = file.resolveSibling(file.getFileName() + ".draft");
      Files.writeString(draft, side + " " + commit + " " + round);
      Files.move(draft, file);
    }

    static Optional<Order> read(Path file) {
      if (!Files.exists(file)) {
        return Optional.empty();
      }
      try {
        String[] words = Files.readString(file).split(" ");
        return Optional.of(
            new Order(
                Side.valueOf(words[0]), Integer.parseInt(words[1]), Integer.parseInt(words[2])));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Override
  public void commit(Batch batch, Consumer<Result> then) {
    Optional<Order> found = Order.read(order);
    if (!found.equals(known.getAndSet(found))) {
      counted.set(0);
    }
    if (found.isEmpty() || batch.rows().stream().allMatch(Row.Append.class::isInstance)) {
      store.commit(batch, then);
      return;
    }
    boolean last =
        found.get().side() == Side.FREEZE
            ? batch.rows().stream().anyMatch(HaltingStore::promotes)
            : counted.incrementAndGet() == found.get().commit();
    if (last && found.get().side() == Side.BEFORE) {
      Runtime.getRuntime().halt(KILLED);
    }
    store.commit(
        batch,
        result -> {
          if (last) {
            end(found.get());
          }
          then.accept(result);
        });
  }

  private static boolean promotes(Row row) {
    return row instanceof Row.PutStep put
        && put.step().step().act().equals("promote")
        && put.step().state() == StepState.INTENDED;
  }

  private void end(Order found) {
    if (found.side() != Side.FREEZE) {
      Runtime.getRuntime().halt(KILLED);
    }
    try {
      while (insideSomeGate()) {
        Thread.onSpinWait();
      }
      Signal.STOP.send(new ProcessTable().find(ProcessHandle.current().pid()).orElseThrow().id());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // The system stops all threads, but not all at once: this one must not go on before it is
    // stopped.
    while (Order.read(order).filter(found::equals).isPresent()) {
      LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
    }
  }

  /** Looks and heartbeats go on beside commits; who is in a gate has its lock open. */
  private static boolean insideSomeGate() throws IOException {
    try (DirectoryStream<Path> open = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path each : open) {
        if (names(each).endsWith(".gate/lock")) {
          return true;
        }
      }
      return false;
    }
  }

  private static String names(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException e) {
      // It was closed meanwhile.
      return "";
    }
  }

  @Override
  public Snapshot load(ResourceId resource) {
    return store.load(resource);
  }

  @Override
  public boolean committed(ResourceId resource, String batchId) {
    return store.committed(resource, batchId);
  }

  @Override
  public List<LoggedEvent> events(@Nullable ResourceId resource, long after, int limit) {
    return store.events(resource, after, limit);
  }

  @Override
  public List<LoggedEvent> latest(@Nullable ResourceId resource, long before, int limit) {
    return store.latest(resource, before, limit);
  }

  @Override
  public long lastEvent() {
    return store.lastEvent();
  }

  @Override
  public Optional<Operation> operation(OperationId id) {
    return store.operation(id);
  }

  @Override
  public Optional<Operation> operationByKey(ResourceId resource, String idempotencyKey) {
    return store.operationByKey(resource, idempotencyKey);
  }

  @Override
  public List<Operation> operations(ResourceId resource, int limit) {
    return store.operations(resource, limit);
  }
}
