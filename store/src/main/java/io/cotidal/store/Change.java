package io.cotidal.store;

import io.cotidal.engine.Store.Result;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A change whose caller waits for its answer. */
final class Change<T> implements Waiting.Work, Consumer<Result> {
  /** Longer than any disk takes that is still of use. */
  private static final int WAIT_SECONDS = 30;

  private final String place;
  private final Readers.Query<T> query;
  private final CompletableFuture<T> outcome = new CompletableFuture<>();
  // Only the writer touches it.
  private @Nullable T answer;

  /**
   * Runs {@code query}.
   *
   * @param place begins the message if it fails
   */
  Change(String place, Readers.Query<T> query) {
    this.place = place;
    this.query = query;
  }

  @Override
  public boolean write(Connection connection) throws SQLException {
    answer = query.ask(connection);
    return true;
  }

  @Override
  public void accept(Result result) {
    T known = answer;
    if (result == Result.COMMITTED && known != null) {
      outcome.complete(known);
    } else if (result == Result.UNKNOWN) {
      outcome.completeExceptionally(
          new StoreException(place + ": perhaps written, perhaps not; look, then try again"));
    } else {
      outcome.completeExceptionally(new StoreException(place + ": not written; the log says why"));
    }
  }

  /**
   * Waits until the answer is durable.
   *
   * @throws StoreException if it is not
   */
  T await() {
    try {
      return outcome.get(WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException(place + ": interrupted, perhaps written; look, then try again", e);
    } catch (TimeoutException e) {
      throw new StoreException(
          place + ": not written within " + WAIT_SECONDS + " s; see whether the disk is slow", e);
    } catch (ExecutionException e) {
      throw new StoreException(
          String.valueOf(e.getCause() == null ? e : e.getCause().getMessage()), e);
    }
  }
}
