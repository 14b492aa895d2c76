package io.cotidal.objects.swift;

import io.cotidal.objects.listing.Paged;
import io.cotidal.objects.listing.Rows;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.http.kept.Answer;
import io.cotidal.remote.http.kept.Headers;
import io.cotidal.remote.http.kept.Request;
import java.util.Optional;
import java.util.Set;

/** Containers at one site, with our token. Thread-safe. */
public final class SwiftContainers {
  private static final int MISSING = 404;

  private final SiteLine line;

  SwiftContainers(SiteLine line) {
    this.line = line;
  }

  /**
   * What the site says of a container; empty if it is not there.
   *
   * @throws SwiftTrouble if nobody can tell
   */
  public Optional<ContainerHead> head(ContainerName name, Deadline deadline) throws SwiftTrouble {
    Request request = request("HEAD", name, Headers.NONE.with("X-Newest", "true"));
    try (Answer answer = line.withToken(request, Set.of(200, 204, MISSING), deadline)) {
      if (answer.status() == MISSING) {
        return Optional.empty();
      }
      HeadReader head = new HeadReader(line.troubles(), request, answer);
      return Optional.of(
          new ContainerHead(
              head.time("X-Timestamp"),
              head.count("X-Container-Object-Count"),
              head.count("X-Container-Bytes-Used"),
              head.text("X-Storage-Policy"),
              answer.headers()));
    }
  }

  /**
   * Makes a container, or changes one that is there.
   *
   * @return whether it was made
   */
  public boolean put(ContainerName name, Headers headers, Deadline deadline) throws SwiftTrouble {
    try (Answer answer =
        line.withToken(request("PUT", name, headers), Set.of(201, 202, 204), deadline)) {
      return answer.status() == 201;
    }
  }

  /** Changes a container: what is not named stays, what is named with an empty value goes. */
  public void post(ContainerName name, Headers headers, Deadline deadline) throws SwiftTrouble {
    line.withToken(request("POST", name, headers), Set.of(200, 202, 204), deadline).close();
  }

  /**
   * Deletes a container.
   *
   * @return whether it was there
   * @throws SwiftTrouble a conflict, if it is not empty
   */
  public boolean delete(ContainerName name, Deadline deadline) throws SwiftTrouble {
    try (Answer answer =
        line.withToken(
            request("DELETE", name, Headers.NONE), Set.of(200, 204, MISSING), deadline)) {
      return answer.status() != MISSING;
    }
  }

  /** The rows of a container. The first page is fetched with the first row. */
  public Rows rows(Listing listing) {
    return new Paged(new ContainerPages(line, listing), listing.span());
  }

  private Request request(String method, ContainerName name, Headers headers) {
    return Request.of(method, line.target(name.path()), headers);
  }
}
