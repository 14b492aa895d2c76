package io.cotidal.store;

import static io.cotidal.store.Samples.ORDERS;
import static io.cotidal.store.Samples.log;
import static io.cotidal.store.Samples.operation;
import static io.cotidal.store.Samples.put;
import static io.cotidal.store.Samples.step;

import io.cotidal.engine.Row;
import io.cotidal.engine.Store.Batch;
import io.cotidal.engine.Store.Result;
import io.cotidal.model.Details;
import io.cotidal.model.OperationState;
import io.cotidal.model.StepState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Semaphore;

/**
 * A process that commits numbered batches, some at once, and prints the number of each that is
 * acknowledged.
 */
final class CrashChild {
  /** How many batches may be on their way: enough that groups form. */
  private static final int WINDOW = 8;

  private CrashChild() {}

  /** Takes the store's file; runs until it is killed. */
  public static void main(String[] args) throws InterruptedException {
    SqlStore store = SqlStore.open(Path.of(args[0]));
    Semaphore window = new Semaphore(WINDOW);
    long number = store.load(ORDERS).lastNumber();
    while (true) {
      window.acquire();
      number++;
      long mine = number;
      store.commit(
          batch(mine),
          result -> {
            if (result == Result.COMMITTED) {
              print(mine);
            }
            window.release();
          });
    }
  }

  private static Batch batch(long number) {
    List<Row> rows =
        List.of(
            put(operation(number, OperationState.DONE)),
            new Row.PutStep(number, step(1, StepState.DONE)),
            new Row.PutStep(number, step(2, StepState.DONE)),
            new Row.PutLedger(Details.of("number", number)),
            log(ORDERS, String.valueOf(number)));
    return new Batch("batch-" + number, ORDERS, 0, rows, number % 5 == 0);
  }

  private static void print(long number) {
    try {
      System.out.write((number + "\n").getBytes(StandardCharsets.US_ASCII));
      System.out.flush();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
