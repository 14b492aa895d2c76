package io.cotidal.app.feeds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cotidal.app.ResourceApi;
import io.cotidal.cli.api.Node;
import io.cotidal.lab.geoserver.GeoServerStub;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** One replica as its people see it by the API, and its readers by the services of GeoServer. */
final class ReplicaDesk {
  /** Whatever comes, comes within that; a slow machine has as much to do as a fast one. */
  static final Duration LONG = Duration.ofMinutes(3);

  /** More operations than the stories of one scene come to. */
  private static final String MANY = "500";

  private static final String MAP =
      "/ows?service=WMS&version=1.1.1&request=GetMap&styles=&srs=EPSG:4326"
          + "&bbox=0,0,10,10&width=64&height=64&format=image/png&layers=";
  private static final String FEATURES =
      "/ows?service=WFS&version=1.1.0&request=GetFeature&maxFeatures=5"
          + "&outputFormat=application/json&typeName=";

  private final FeedsLab lab;
  private final ResourceApi api;
  private final HttpClient http = HttpClient.newHttpClient();

  ReplicaDesk(FeedsLab lab, ResourceApi api) {
    this.lab = lab;
    this.api = api;
  }

  ResourceApi api() {
    return api;
  }

  /** What the diagnosis says. */
  String sentence() {
    return api.view().at("diagnosis").text("sentence");
  }

  /** Waits until all that a revision, or one after it, says is in force. */
  void settled(String head) {
    await()
        .atMost(LONG)
        .untilAsserted(() -> {
          assertThat(api.code()).as(sentence()).isEqualTo("healthy");
          assertThat(sentence()).containsAnyOf(since(head));
        });
  }

  private String[] since(String head) {
    return lab.master.since(head).toArray(String[]::new);
  }

  /**
   * Waits until these jobs are in force as a revision, or one after it, says, whatever becomes of
   * others.
   */
  void inForce(String head, List<String> jobs) {
    await()
        .atMost(LONG)
        .untilAsserted(() -> {
          Node all = jobs();
          assertThat(all.text("sentence")).containsAnyOf(since(head));
          for (String job : jobs) {
            assertThat(line(all, job).text("verdict"))
                .as("%s %s", job, line(all, job).value())
                .isEqualTo("yes");
          }
        });
  }

  /** The same for one. */
  void inForce(String head, String job) {
    inForce(head, List.of(job));
  }

  /** Waits until a job is not in force for a reason with these words; the whole reason. */
  String fails(String job, String... words) {
    return await()
        .atMost(LONG)
        .until(
            () -> {
              Node line = line(jobs(), job);
              return line.text("verdict").equals("no") ? line.text("sentence") : "";
            },
            said -> !said.isEmpty() && List.of(words).stream().allMatch(said::contains));
  }

  /** How every job stands. */
  Node jobs() throws IOException, InterruptedException {
    return api.ask("jobs", Map.of());
  }

  /** What is said of one job. */
  String says(String job) throws IOException, InterruptedException {
    return line(jobs(), job).text("sentence");
  }

  private static Node line(Node report, String job) {
    return report.list("lines").stream()
        .filter(line -> line.text("subject").equals(job))
        .findFirst()
        .orElse(Node.NONE);
  }

  /** Waits until there is such an operation of a job; with its steps. */
  Node operation(String job, Predicate<Node> such) {
    return await()
        .atMost(LONG)
        .until(
            () -> {
              for (Node each : operations(job)) {
                Node whole = api.ask("operations/" + each.text("id").split("#")[1], Map.of());
                if (such.test(whole)) {
                  return whole;
                }
              }
              return Node.NONE;
            },
            found -> !found.isMissing());
  }

  /** The operations of a job, newest first. */
  List<Node> operations(String job) throws IOException, InterruptedException {
    return api.ask("operations", Map.of("limit", MANY)).list("operations").stream()
        .filter(each -> each.at("input").text("key").equals(job))
        .toList();
  }

  /** What WFS answers for a layer; or why not. */
  String features(String layer) throws IOException, InterruptedException {
    HttpResponse<byte[]> answer = get(FEATURES + layer);
    return answer.statusCode() + " " + new String(answer.body(), StandardCharsets.UTF_8);
  }

  /** Why WFS does not answer well for a layer; empty if it does. */
  String wfs(String layer) throws IOException, InterruptedException {
    String answer = features(layer);
    return answer.startsWith("200 ") && answer.contains("FeatureCollection") ? "" : answer;
  }

  /** Why WMS does not answer with a picture of a layer; empty if it does. */
  String wms(String layer) throws IOException, InterruptedException {
    HttpResponse<byte[]> answer = get(MAP + layer);
    boolean picture =
        answer.headers().firstValue("Content-Type").orElse("").startsWith("image/png");
    return picture ? "" : new String(answer.body(), StandardCharsets.UTF_8);
  }

  private HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
    String login = GeoServerStub.USER + ":" + GeoServerStub.PASSWORD;
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(lab.geoserver.url() + path))
            .timeout(Duration.ofSeconds(60))
            .header(
                "Authorization",
                "Basic "
                    + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8)))
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofByteArray());
  }
}
