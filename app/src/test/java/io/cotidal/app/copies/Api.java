package io.cotidal.app.copies;

import io.cotidal.cli.api.Json;
import io.cotidal.cli.api.Node;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The API as one caller uses it.
 *
 * @param token empty for a caller without one
 */
record Api(HttpClient http, int port, String token) {
  static final String RESOURCES = "/api/v1/resources/copies/";

  /** An answer. */
  record Answer(int status, Node body, String location, String text) {}

  static Api of(int port, String token) {
    HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    return new Api(http, port, token);
  }

  /** The same door for another caller. */
  Api as(String otherToken) {
    return new Api(http, port, otherToken);
  }

  Answer get(String path) throws IOException, InterruptedException {
    return send(request(path).GET().build());
  }

  /** Asks for an action and waits until it has ended. */
  Answer act(String template, String action, Map<String, Object> input)
      throws IOException, InterruptedException {
    return act(template, action, input, 60);
  }

  Answer act(String template, String action, Map<String, Object> input, int wait)
      throws IOException, InterruptedException {
    return post(RESOURCES + template + "/" + action, input, wait);
  }

  Answer post(String path, Map<String, Object> input, int wait)
      throws IOException, InterruptedException {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .header("Prefer", "wait=" + wait)
            .POST(HttpRequest.BodyPublishers.ofByteArray(new Json().bytes(input)))
            .build());
  }

  /** Sends bytes whose length is known, if they are welcome; waits until what they begin ends. */
  Answer upload(String path, byte[] bytes, Map<String, String> headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = request(path).expectContinue(bytes.length > 0);
    if (!headers.containsKey("Prefer")) {
      request.header("Prefer", "wait=60");
    }
    headers.forEach(request::header);
    return send(request.POST(HttpRequest.BodyPublishers.ofByteArray(bytes)).build());
  }

  /** Sends bytes whose length nobody knows. */
  Answer stream(String path, InputStream bytes) throws IOException, InterruptedException {
    return send(
        request(path)
            .header("Prefer", "wait=60")
            .POST(HttpRequest.BodyPublishers.ofInputStream(() -> bytes))
            .build());
  }

  Answer create(String template, String name) throws IOException, InterruptedException {
    return act(template, "create", Map.of("name", name));
  }

  Answer delete(String template, String name) throws IOException, InterruptedException {
    return act(template, "delete", Map.of("name", name));
  }

  /** The ways to a copy, by dialect. */
  Map<String, String> access(String template, String name)
      throws IOException, InterruptedException {
    Answer answer = get(RESOURCES + template + "/items/copy/" + name + "/access");
    if (answer.status() != 200) {
      throw new IOException(name + ": " + answer);
    }
    return answer.body().texts("access");
  }

  String jdbc(String template, String name) throws IOException, InterruptedException {
    return String.valueOf(access(template, name).get("jdbc"));
  }

  Node view(String template) throws IOException, InterruptedException {
    return get(RESOURCES + template).body();
  }

  /** The items of a sort, by name; of all sorts if it is empty. */
  Map<String, Node> items(String template, String sort) throws IOException, InterruptedException {
    Map<String, Node> found = new TreeMap<>();
    List<Node> items = get(RESOURCES + template + "/items?sort=" + sort).body().list("items");
    items.forEach(item -> found.put(item.text("name"), item));
    return found;
  }

  /** Where the items of a sort lie on the volume. */
  Set<String> places(String template, String sort) throws IOException, InterruptedException {
    Set<String> found = new TreeSet<>();
    items(template, sort).values().forEach(item -> found.add(place(item)));
    return found;
  }

  /** Where an item lies on the volume. */
  static String place(Node item) {
    return item.at("facts").text("id");
  }

  /** Makes a token and gives its secret. */
  String token(String id, String permission) throws IOException, InterruptedException {
    Map<String, Object> input = new LinkedHashMap<>();
    input.put("id", id);
    input.put("permission", permission);
    return post("/api/v1/tokens", input, 0).body().text("secret");
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(90));
    return token.isEmpty() ? builder : builder.header("Authorization", "Bearer " + token);
  }

  private Answer send(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
    byte[] body = response.body();
    return new Answer(
        response.statusCode(),
        body.length == 0 ? Node.NONE : new Json().read(body),
        response.headers().firstValue("Location").orElse(""),
        new String(body, java.nio.charset.StandardCharsets.UTF_8));
  }
}
