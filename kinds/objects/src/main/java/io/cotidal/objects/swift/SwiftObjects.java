package io.cotidal.objects.swift;

import io.cotidal.objects.names.ContainerName;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.http.kept.Answer;
import io.cotidal.remote.http.kept.Body;
import io.cotidal.remote.http.kept.Headers;
import io.cotidal.remote.http.kept.Request;
import java.util.Optional;
import java.util.Set;

/**
 * Objects at one site. They are read with our token and written with a signature; what is our own
 * is written with our token, too. A signed write to a container that is not there, or has no key,
 * is {@code REFUSED}, as one with a wrong key is: Swift does not tell these apart. Thread-safe.
 */
public final class SwiftObjects {
  private static final long ASK_FIRST = 1 << 20;
  private static final Set<Integer> READ = Set.of(200, 203, 206);
  private static final int MISSING = 404;
  private static final int CONFLICT = 409;
  private static final int ACCEPTED = 202;

  private final SiteLine line;

  SwiftObjects(SiteLine line) {
    this.line = line;
  }

  /**
   * What the site says of an object, by the newest of its copies; empty if it is not there.
   *
   * @throws SwiftTrouble if nobody can tell
   */
  public Optional<ObjectHead> head(Reading reading, Deadline deadline) throws SwiftTrouble {
    Request request = request("HEAD", reading);
    try (Answer answer = line.withToken(request, Set.of(200, 204, MISSING), deadline)) {
      return answer.status() == MISSING
          ? Optional.empty()
          : Optional.of(ObjectHead.of(new HeadReader(line.troubles(), request, answer)));
    }
  }

  /**
   * Reads an object, the newest of its copies.
   *
   * @param deadline also for its bytes
   * @throws SwiftTrouble if it is not there, or cannot be had
   */
  public Download get(Reading reading, Deadline deadline) throws SwiftTrouble {
    Request request = request("GET", reading);
    Answer answer = line.withToken(request, READ, deadline);
    try {
      return new Download(ObjectHead.of(new HeadReader(line.troubles(), request, answer)), answer);
    } catch (SwiftTrouble e) {
      answer.close();
      throw e;
    }
  }

  private Request request(String method, Reading reading) {
    Headers headers = reading.headers().with("X-Newest", "true");
    return Request.of(method, line.target(reading.target()), headers);
  }

  /**
   * Writes an object. For a large one the site is asked before anything of it is sent.
   *
   * @throws SwiftTrouble if nobody can tell what became of it; doing it again does no harm
   */
  public Applied put(Writing writing, Body body, Deadline deadline) throws SwiftTrouble {
    Request request =
        Request.of("PUT", line.target(writing.target()), writing.headers()).with(body);
    boolean large = body.length().orElse(Long.MAX_VALUE) > ASK_FIRST;
    try (Answer answer =
        line.signed(
            large ? request.expecting(SiteLine.PATIENCE) : request,
            writing.signed(),
            Set.of(201, ACCEPTED),
            deadline)) {
      return answer.status() == 201 ? Applied.DONE : Applied.OLDER;
    }
  }

  /**
   * Writes a small object of our own, with our token: it gets the site's time.
   *
   * @throws SwiftTrouble missing, if its container is not there; any other if nobody can tell what
   *     became of it
   */
  public void keep(ContainerName container, String name, Own what, Deadline deadline)
      throws SwiftTrouble {
    String target = Reading.shown(container, name).target();
    Request request =
        Request.of("PUT", line.target(target), what.headers()).with(Body.of(what.bytes()));
    line.withToken(request, Set.of(201, ACCEPTED), deadline).close();
  }

  /**
   * An object of our own.
   *
   * @param bytes kept, not copied
   */
  @SuppressWarnings("ArrayRecordComponent") // Nobody compares or changes it.
  public record Own(Headers headers, byte[] bytes) {}

  /**
   * Writes the metadata of an object, all of it anew.
   *
   * @throws SwiftTrouble if the object is not there, or nobody can tell what became of it
   */
  public Applied post(Writing writing, Deadline deadline) throws SwiftTrouble {
    Request request = Request.of("POST", line.target(writing.target()), writing.headers());
    try (Answer answer =
        line.signed(request, writing.signed(), Set.of(200, ACCEPTED, 204, CONFLICT), deadline)) {
      return answer.status() == CONFLICT ? Applied.OLDER : Applied.DONE;
    }
  }

  /**
   * Deletes an object as of the time of the writing.
   *
   * @throws SwiftTrouble if nobody can tell what became of it
   */
  public Applied delete(Writing writing, Deadline deadline) throws SwiftTrouble {
    Request request = Request.of("DELETE", line.target(writing.target()), writing.headers());
    try (Answer answer =
        line.signed(request, writing.signed(), Set.of(200, 204, MISSING, CONFLICT), deadline)) {
      return switch (answer.status()) {
        case MISSING -> Applied.NOTHING_THERE;
        case CONFLICT -> Applied.OLDER;
        default -> Applied.DONE;
      };
    }
  }
}
