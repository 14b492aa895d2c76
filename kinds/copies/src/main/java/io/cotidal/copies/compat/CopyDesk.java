package io.cotidal.copies.compat;

import io.cotidal.model.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Where one caller asks for copies in the way of the original. It shows what this caller may see,
 * and does what they may do: scope, ownership and quotas are kept behind it. Template and name come
 * as two words, never joined, so that {@code a-b} and copy {@code b} of {@code a} are two things.
 * Names fit {@link io.cotidal.model.Names}. Calls may block; each ends by a deadline of its own.
 */
public interface CopyDesk {
  /** Names of the templates that have data to copy, sorted. */
  List<String> templates();

  /** All copies, sorted by template and name. */
  List<Copy> copies();

  /** One copy; only ever a copy, never a template. */
  Lookup show(String template, String name);

  /** What is known of one copy beside what {@link #show} says; empty if there is none. */
  Optional<Container> inspect(String template, String name);

  /**
   * Makes a copy and waits until it answers queries.
   *
   * @param ttl how long it lives, zero for ever; empty for the template's usual time
   */
  Creation create(String template, String name, Optional<Duration> ttl) throws InterruptedException;

  /** Removes a copy and its data, and waits until it is gone; never a template. */
  Removal remove(String template, String name) throws InterruptedException;

  /** How a copy stands. */
  enum Standing {
    /** It is being made. */
    CREATING,
    /** It answers queries. */
    RUNNING,
    /** Its server was stopped by somebody, its data is there. */
    STOPPED,
    /** It is being given its template's data again. */
    RESETTING,
    /** Its server is gone or it is broken in another way, and nobody wanted that. */
    BROKEN,
    /** It is being removed. */
    REMOVING,
    /** Nobody can tell now. */
    UNKNOWN
  }

  /**
   * A copy.
   *
   * @param provider the original's word for the engine: {@code mysql}, {@code postgres}
   * @param sinceMicros wall time since which it stands so; that of its creation if unknown
   * @param createdMicros wall time
   * @param expiresMicros wall time; 0 for never
   */
  record Copy(
      String template,
      String name,
      String provider,
      Standing standing,
      long sinceMicros,
      long createdMicros,
      long expiresMicros) {}

  /**
   * How a copy is reached.
   *
   * @param port 0 if it has none yet
   * @param password empty if this caller may not have it
   */
  record Reach(String host, int port, String database, String user, Optional<Secret> password) {}

  /**
   * A copy as the server that runs it knows it.
   *
   * @param id unique on the host, for example {@code shop.c17}
   * @param image the image, or the server's program where there are no images
   * @param data the data folder on the host
   * @param serverPort the port inside a container; the same as outside where there is none
   */
  record Container(Shown shown, String id, String image, String data, int serverPort) {}

  /** What came of {@link #show}. */
  sealed interface Lookup permits Shown, NoCopy, Refused {}

  /** What came of {@link #create}. */
  sealed interface Creation permits Shown, Exists, NoTemplate, Importing, Refused {}

  /** What came of {@link #remove}. */
  sealed interface Removal permits Removed, NoCopy, Refused {}

  /** The copy: found, or made and ready. */
  record Shown(Copy copy, Reach reach) implements Lookup, Creation {}

  /** There is no such copy. */
  record NoCopy() implements Lookup, Removal {}

  /** There is a copy of that name already, however it stands; nothing was done. */
  record Exists() implements Creation {}

  /** There is no such template. */
  record NoTemplate() implements Creation {}

  /** The template's first data is being imported; there is nothing to copy yet. */
  record Importing() implements Creation {}

  /** It is gone. */
  record Removed() implements Removal {}

  /**
   * It was not done, or it is not known whether it was.
   *
   * @param reason one line with the remedy; no secrets
   */
  record Refused(Why why, String reason) implements Lookup, Creation, Removal {}

  /** Why something was refused. */
  enum Why {
    /** What was asked for makes no sense here. */
    INVALID(400),
    /** This caller may not. */
    FORBIDDEN(403),
    /** Another operation works on the copy. */
    BUSY(409),
    /** There are as many as there may be. */
    TOO_MANY(429),
    /** It was begun and failed. */
    FAILED(500),
    /** The daemon does not lead, or its journal takes nothing. */
    UNAVAILABLE(503),
    /** It was begun and goes on; the answer could not wait for its end. */
    LATE(504),
    /** There is no disk or memory for it. */
    NO_ROOM(507);

    private final int status;

    Why(int status) {
      this.status = status;
    }

    int status() {
      return status;
    }
  }
}
