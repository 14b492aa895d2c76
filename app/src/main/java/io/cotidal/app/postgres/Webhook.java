package io.cotidal.app.postgres;

import io.cotidal.postgres.spec.Alert;
import io.cotidal.remote.Deadline;
import io.cotidal.server.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.Map;

/** One POST of JSON; no redirect is followed, and no more of the answer read than its status. */
final class Webhook {
  private static final int GOOD = 200;
  private static final int REDIRECT = 300;

  private Webhook() {}

  static void post(Alert.Webhook webhook, Map<String, Object> event, Deadline deadline)
      throws IOException {
    byte[] body = Json.write(event);
    HttpURLConnection connection =
        (HttpURLConnection) URI.create(webhook.url()).toURL().openConnection();
    try {
      int millis = (int) Math.max(1, deadline.left().toMillis());
      connection.setConnectTimeout(millis);
      connection.setReadTimeout(millis);
      connection.setInstanceFollowRedirects(false);
      connection.setUseCaches(false);
      connection.setDoOutput(true);
      connection.setRequestMethod("POST");
      connection.setRequestProperty("Content-Type", "application/json");
      webhook
          .token()
          .ifPresent(
              token -> connection.setRequestProperty("Authorization", "Bearer " + token.reveal()));
      connection.setFixedLengthStreamingMode(body.length);
      try (OutputStream out = connection.getOutputStream()) {
        out.write(body);
      }
      int status = connection.getResponseCode();
      if (status < GOOD || status >= REDIRECT) {
        throw new IOException("the webhook answers " + status);
      }
    } finally {
      connection.disconnect();
    }
  }
}
