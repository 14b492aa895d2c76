package io.cotidal.server;

import io.cotidal.model.Details;
import io.cotidal.model.ResourceId;
import io.cotidal.server.http.Problem;
import java.io.InputStream;
import java.util.Optional;

/**
 * Takes in the bytes that an action of one kind works on and a client has. Supplied by whoever
 * wires it; called on a request's own thread.
 */
public interface Intake {
  /** The kind whose action it is. */
  String kind();

  /** The action that is begun with what was taken in. */
  String action();

  /** What begins the action with an arrival that has not been taken in: for a dry run. */
  Details announced(Arrival arrival);

  /**
   * Whether the arrival would be taken in now, as far as that can be told before its bytes come.
   *
   * @throws Problem.Refusal if it would not
   */
  void check(ResourceId resource, Arrival arrival) throws InterruptedException;

  /**
   * Takes the bytes in, in constant memory. What it took stays until the answer is closed, and
   * longer only if an operation that has not ended was begun with it.
   *
   * @throws Problem.Refusal if they are not taken; nothing of them is left
   */
  Taken take(ResourceId resource, Arrival arrival, InputStream body) throws InterruptedException;

  /**
   * What a client says of what it sends.
   *
   * @param key the same for a request and its repetition, another one for every other request
   * @param file what it is called there; empty if that is not said
   * @param length in bytes; negative if it is not said
   * @param sha256 in hexadecimal
   */
  record Arrival(String key, String file, long length, Optional<String> sha256) {}

  /** What was taken in. */
  interface Taken extends AutoCloseable {
    /** What begins the action with it. */
    Details input();

    @Override
    void close();
  }
}
