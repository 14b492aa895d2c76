package io.cotidal.cli.api;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;

/**
 * Sends more than memory should hold. Asks first whether it is welcome, so that a refusal comes
 * before the bytes; the client of other calls cannot read one then.
 */
final class Sending {
  private static final Duration CONNECT = Duration.ofSeconds(3);

  private Sending() {}

  /** Posts {@code outgoing} and waits for the answer as long as bytes go out. */
  static HttpResponse<byte[]> post(URI target, Outgoing outgoing, Map<String, String> headers)
      throws IOException, InterruptedException {
    BodyPublisher bytes = BodyPublishers.ofInputStream(outgoing::counted);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(target)
            .expectContinue(true)
            .POST(
                outgoing.length() > 0
                    ? BodyPublishers.fromPublisher(bytes, outgoing.length())
                    : bytes);
    headers.forEach(request::header);
    try (HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .proxy(HttpClient.Builder.NO_PROXY)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT)
            .build()) {
      try {
        return client.send(request.build(), BodyHandlers.ofByteArray());
      } finally {
        client.shutdownNow();
      }
    }
  }
}
