package io.cotidal.app.copies;

import io.cotidal.copies.compat.CopyDesk;
import io.cotidal.copies.compat.MyaasAnswer;
import io.cotidal.copies.compat.MyaasApi;
import io.cotidal.copies.compat.MyaasRequest;
import io.cotidal.server.access.Caller;
import io.cotidal.server.compat.CompatAnswer;
import io.cotidal.server.compat.CompatHandler;
import io.cotidal.server.compat.CompatRequest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.function.Function;

/** Puts the API of DB replicator on a listener: each caller gets a desk of their own. */
public final class MyaasHandler implements CompatHandler {
  private final MyaasApi api;
  private final Function<Caller, CopyDesk> desks;

  /**
   * A handler.
   *
   * @param desks the desk at which a caller is served
   */
  public MyaasHandler(MyaasApi api, Function<Caller, CopyDesk> desks) {
    this.api = api;
    this.desks = desks;
  }

  @Override
  public CompatAnswer answer(CompatRequest request) throws InterruptedException {
    Caller caller = request.caller();
    MyaasAnswer answer =
        api.answer(
            new MyaasRequest(
                request.method(),
                request.path(),
                request.query(),
                request.type(),
                request.body(),
                caller.token().permission(),
                ChronoUnit.MICROS.between(Instant.EPOCH, request.at())),
            desks.apply(caller));
    return new CompatAnswer(
        answer.status(),
        answer.type(),
        answer.body(),
        answer.allow().isEmpty() ? Map.of() : Map.of("Allow", answer.allow()));
  }
}
