package io.cotidal.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.cli.api.Json;
import io.cotidal.cli.api.Node;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The API of a daemon as an administrator uses it for one resource. */
public record ResourceApi(HttpClient http, int port, String token, String resource) {
  private static final Set<String> ENDED = Set.of("done", "failed", "cancelled", "superseded");

  /** The door to a daemon of this machine. */
  public static ResourceApi of(int port, String token, String resource) {
    HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    return new ResourceApi(http, port, token, resource);
  }

  /** The resource; nothing if the daemon does not answer. */
  public Node view() {
    try {
      return new Json().read(send(request("").GET()).body());
    } catch (IOException e) {
      return Node.NONE;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Node.NONE;
    }
  }

  /** The word of the diagnosis. */
  public String code() {
    return view().at("diagnosis").text("code");
  }

  /** Healthy, and nothing is to be done or under way. */
  public boolean settled() {
    Node view = view();
    return view.at("diagnosis").text("code").equals("healthy")
        && view.flag("inSync")
        && operations(view).stream().allMatch(operation -> ENDED.contains(operation.text("state")));
  }

  /** The operations in a view. */
  public static List<Node> operations(Node view) {
    return view.list("operations");
  }

  /** Asks a question. */
  public Node ask(String question, Map<String, String> input)
      throws IOException, InterruptedException {
    String query =
        input.entrySet().stream()
            .map(each ->
                each.getKey() + "=" + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    return new Json().read(send(request("/" + question + "?" + query).GET()).body());
  }

  /** Asks for an action and waits until it has ended. */
  public Node act(String action, Map<String, Object> input)
      throws IOException, InterruptedException {
    HttpResponse<byte[]> response =
        send(
            request("/" + action)
                .header("Content-Type", "application/json")
                .header("Prefer", "wait=60")
                .POST(HttpRequest.BodyPublishers.ofByteArray(new Json().bytes(input))));
    String text = new String(response.body(), StandardCharsets.UTF_8);
    assertThat(response.statusCode()).as(text).isEqualTo(200);
    return new Json().read(response.body());
  }

  /**
   * Says a word about an operation: {@code approve}, for example.
   *
   * @return the status of the answer
   */
  public int operate(long number, String verb) throws IOException, InterruptedException {
    return send(request("/operations/" + number + "/" + verb)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{}")))
        .statusCode();
  }

  /**
   * Says a word to the resource: {@code pause}, for example.
   *
   * @return the status of the answer
   */
  public int say(String verb) throws IOException, InterruptedException {
    return send(request("/" + verb)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{}")))
        .statusCode();
  }

  /** Lets the daemon read its file again; each change with what became of it. */
  public List<String> apply() throws IOException, InterruptedException {
    return changes(false).stream()
        .map(each -> each.text("what") + " " + each.text("change") + " " + each.text("state"))
        .toList();
  }

  /** What that would do, line by line; nothing is done. */
  public List<String> rehearse() throws IOException, InterruptedException {
    return changes(true).stream()
        .flatMap(each -> each.list("lines").stream())
        .map(Node::text)
        .toList();
  }

  private List<Node> changes(boolean dryRun) throws IOException, InterruptedException {
    HttpResponse<byte[]> response =
        send(
            path("/api/v1/configuration/apply")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"dryRun\":" + dryRun + "}")));
    String text = new String(response.body(), StandardCharsets.UTF_8);
    assertThat(response.statusCode()).as(text).isEqualTo(200);
    return new Json().read(response.body()).list("changes");
  }

  /** For people who read why a test failed. */
  public String story() {
    return String.valueOf(view().value());
  }

  private HttpRequest.Builder request(String path) {
    return path("/api/v1/resources/" + resource + path);
  }

  private HttpRequest.Builder path(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .timeout(Duration.ofSeconds(90))
        .header("Authorization", "Bearer " + token);
  }

  private HttpResponse<byte[]> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }
}
