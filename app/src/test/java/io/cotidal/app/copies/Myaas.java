package io.cotidal.app.copies;

import io.cotidal.cli.api.Json;
import io.cotidal.cli.api.Node;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;

/**
 * The calls of DB replicator's client, against a listener of a daemon.
 *
 * @param authorization the header's value; empty for a caller without one
 */
record Myaas(HttpClient http, int port, String authorization) {
  private static final String FORM = "application/x-www-form-urlencoded";

  /** An answer. */
  record Answer(int status, Node body, String text, String type) {}

  static Myaas of(int port) {
    HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    return new Myaas(http, port, "");
  }

  Myaas bearer(String token) {
    return new Myaas(http, port, "Bearer " + token);
  }

  /** As python-requests does with a user and a password in the address. */
  Myaas basic(String user, String token) {
    byte[] pair = (user + ":" + token).getBytes(StandardCharsets.UTF_8);
    return new Myaas(http, port, "Basic " + Base64.getEncoder().encodeToString(pair));
  }

  Answer get(String path) throws IOException, InterruptedException {
    return send("GET", path, "", "");
  }

  Answer create(String template, String name) throws IOException, InterruptedException {
    return send("POST", "/db/" + template + "/" + name, "", "");
  }

  Answer createForm(String path, String form) throws IOException, InterruptedException {
    return send("POST", path, FORM, form);
  }

  Answer createJson(String path, String json) throws IOException, InterruptedException {
    return send("POST", path, "application/json", json);
  }

  Answer delete(String template, String name) throws IOException, InterruptedException {
    return send("DELETE", "/db/" + template + "/" + name, "", "");
  }

  Answer send(String method, String path, String type, String body)
      throws IOException, InterruptedException {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(90))
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (!type.isEmpty()) {
      builder.header("Content-Type", type);
    }
    if (!authorization.isEmpty()) {
      builder.header("Authorization", authorization);
    }
    HttpResponse<byte[]> answer =
        http.send(builder.build(), HttpResponse.BodyHandlers.ofByteArray());
    byte[] bytes = answer.body();
    return new Answer(
        answer.statusCode(),
        bytes.length == 0 ? Node.NONE : new Json().read(bytes),
        new String(bytes, StandardCharsets.UTF_8),
        answer.headers().firstValue("Content-Type").orElse(""));
  }

  /** How a program reaches what an answer describes: with TLS, trusting whatever is there. */
  static String jdbc(Node copy, String engine) {
    return jdbc(copy, engine, copy.text("host"));
  }

  static String jdbc(Node copy, String engine, String host) {
    return "jdbc:"
        + (engine.equals("mariadb") ? "mariadb" : "postgresql")
        + "://"
        + host
        + ":"
        + copy.text("port")
        + "/"
        + copy.text("database")
        + "?user="
        + copy.text("user")
        + "&password="
        + copy.text("password")
        + (engine.equals("mariadb") ? "&sslMode=trust" : "&sslmode=require");
  }
}
