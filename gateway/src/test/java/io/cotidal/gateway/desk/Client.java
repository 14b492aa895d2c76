package io.cotidal.gateway.desk;

import io.cotidal.gateway.door.Answer;
import io.cotidal.gateway.door.Doorkeeper;
import io.cotidal.gateway.door.Field;
import io.cotidal.gateway.door.Head;
import io.cotidal.gateway.door.Ruling;
import io.cotidal.gateway.door.Watch;
import io.cotidal.lab.swift.RawAnswer;
import io.cotidal.lab.swift.RawBody;
import io.cotidal.lab.swift.RawHeader;
import io.cotidal.lab.swift.RawRequest;
import io.cotidal.lab.swift.SwiftUser;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A client of a site whose requests pass the door: what stands in the place of the proxy. */
final class Client {
  private final Doorkeeper door;
  private final SwiftUser user;
  private final At at;

  /** Where a request is on its way. */
  enum Boundary {
    JUDGED,
    INTENDED,
    SENT,
    ENDED
  }

  /** Sees a request pass. */
  interface At {
    void at(Boundary boundary);
  }

  Client(Doorkeeper door, SwiftUser user) {
    this(door, user, _ -> {});
  }

  Client(Doorkeeper door, SwiftUser user, At at) {
    this.door = door;
    this.user = user;
    this.at = at;
  }

  /** What the client was told. */
  record Told(int status, List<Field> fields) {
    String sync() {
      return fields.stream()
          .filter(field -> field.is("X-Cotidal-Sync"))
          .map(Field::value)
          .findFirst()
          .orElse("");
    }
  }

  Told put(String path, RawHeader... headers) throws Exception {
    return ask("PUT", path, headers);
  }

  Told post(String path, RawHeader... headers) throws Exception {
    return ask("POST", path, headers);
  }

  Told delete(String path, RawHeader... headers) throws Exception {
    return ask("DELETE", path, headers);
  }

  Told ask(String method, String path, RawHeader... headers) throws Exception {
    return ask(user.request(method, path).with(List.of(headers)));
  }

  /** Sends a request as it is. */
  Told ask(RawRequest request) throws Exception {
    List<Field> fields =
        request.headers().stream().map(each -> new Field(each.name(), each.value())).toList();
    Ruling ruling = door.judge(new Head(request.method(), request.target(), fields));
    at.at(Boundary.JUDGED);
    return switch (ruling) {
      case Ruling.Pass pass -> told(send(pass.head()));
      case Ruling.Refuse refuse -> new Told(refuse.status(), List.of());
      case Ruling.Read read -> told(send(read.head()));
      case Ruling.Watched watched -> watched(watched.head(), watched.watch());
    };
  }

  private Told watched(Head head, Watch watch) throws Exception {
    try {
      watch.intend().toCompletableFuture().get(30, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      return new Told(503, List.of());
    }
    at.at(Boundary.INTENDED);
    RawAnswer answer;
    try {
      answer = send(head);
    } catch (IOException e) {
      watch.lost();
      return new Told(502, List.of());
    }
    at.at(Boundary.SENT);
    Answer told = answered(watch, answer);
    at.at(Boundary.ENDED);
    return new Told(told.status(), told.fields());
  }

  private static Answer answered(Watch watch, RawAnswer answer)
      throws ExecutionException, InterruptedException, TimeoutException {
    return watch
        .answered(new Answer(answer.status(), told(answer).fields()))
        .toCompletableFuture()
        .get(60, TimeUnit.SECONDS);
  }

  private RawAnswer send(Head head) throws IOException {
    List<RawHeader> headers =
        head.fields().stream().map(each -> new RawHeader(each.name(), each.value())).toList();
    return user.ask(
        new RawRequest(head.method(), head.target(), headers, Optional.of(RawBody.of(""))));
  }

  private static Told told(RawAnswer answer) {
    return new Told(
        answer.status(),
        answer.headers().stream().map(each -> new Field(each.name(), each.value())).toList());
  }
}
