package io.cotidal.app.copies;

import io.cotidal.server.compat.CompatAnswer;
import io.cotidal.server.compat.CompatHandler;
import io.cotidal.server.compat.CompatRequest;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A line of the log for each request: what {@code MYAAS_DEBUG} asks for. Never a body or a header,
 * which hold secrets; the path is percent-encoded, as it came.
 */
final class LoggedRequests implements CompatHandler {
  private static final Logger log = LoggerFactory.getLogger(LoggedRequests.class);
  private static final int LONGEST = 200;

  private final CompatHandler handler;

  LoggedRequests(CompatHandler handler) {
    this.handler = handler;
  }

  @Override
  public CompatAnswer answer(CompatRequest request) throws InterruptedException {
    long begun = System.nanoTime();
    CompatAnswer answer = handler.answer(request);
    log.info(
        "event=compat-request method={} path={} status={} actor={} millis={}",
        bounded(request.method()),
        bounded(request.path()),
        answer.status(),
        request.caller().actor(),
        Duration.ofNanos(System.nanoTime() - begun).toMillis());
    return answer;
  }

  private static String bounded(String text) {
    String plain = text.replaceAll("[^\\x21-\\x7e]", "?");
    return plain.length() > LONGEST ? plain.substring(0, LONGEST) + "…" : plain;
  }
}
