package io.cotidal.gateway.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.gateway.outbox.Footing;
import io.cotidal.gateway.outbox.Open;
import io.cotidal.gateway.relay.Relay.Waiting;
import io.cotidal.gateway.request.Subject;
import io.cotidal.gateway.wire.Counters;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.names.Timestamp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
@DisplayName("what a gateway says of itself")
final class StatusServerTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private final AtomicReference<Optional<String>> trouble = new AtomicReference<>(Optional.empty());

  private static Waiting waiting(String container, Instant since, String why) {
    Timestamp stamp = Timestamp.of(since);
    Subject subject = Subject.of(new ContainerName("AUTH_a", container));
    return new Waiting(
        new Open(subject, stamp, stamp, 1, 0, new Footing.Nothing()), why, why.isEmpty());
  }

  private static Report report() {
    return new Report(
        NOW,
        new Counters(1, 2, 3, 4, 5, 6, 7, 8, 9),
        List.of(
            waiting("a \"b\"", NOW.minusSeconds(75), "no answer from [west]"),
            waiting("ahead", NOW.plusSeconds(5), "")),
        9,
        new Report.Placing(10, true));
  }

  private static HttpResponse<String> ask(StatusServer server, String path, String method)
      throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      URI uri = URI.create("http://127.0.0.1:" + server.address().getPort() + path);
      return http.send(
          HttpRequest.newBuilder(uri)
              .method(method, HttpRequest.BodyPublishers.noBody())
              .timeout(Duration.ofSeconds(20))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }

  @Test
  @DisplayName("metrics, what waits, and whether clients can be served; nothing else")
  void said() throws Exception {
    try (StatusServer server =
        StatusServer.start(ANY, StatusServerTest::report, _ -> trouble.get())) {
      assertThat(
              ask(server, "/metrics", "GET").body().lines().filter(line -> !line.startsWith("#")))
          .containsExactly(
              "cotidal_gateway_clients 1",
              "cotidal_gateway_site_connections 2",
              "cotidal_gateway_requests_total 3",
              "cotidal_gateway_received_bytes_total 4",
              "cotidal_gateway_sent_bytes_total 5",
              "cotidal_gateway_refused_total 6",
              "cotidal_gateway_site_failures_total 7",
              "cotidal_gateway_retried_total 8",
              "cotidal_gateway_elsewhere_total 9",
              "cotidal_gateway_waiting 2",
              "cotidal_gateway_waiting_held 1",
              "cotidal_gateway_waiting_oldest_seconds 75",
              "cotidal_gateway_conflicts_total 9",
              "cotidal_gateway_placing_generation 10",
              "cotidal_gateway_placing_refused 1");
      assertThat(ask(server, "/waiting", "GET").body())
          .isEqualToIgnoringNewLines(
              "[{\"container\":\"AUTH_a/a"
                  + " \\\"b\\\"\",\"since\":\"2026-03-01T11:58:45Z\",\"why\":\"no answer from"
                  + " [west]\",\"held\":false},"
                  + "{\"container\":\"AUTH_a/ahead\",\"since\":\"2026-03-01T12:00:05Z\",\"why\":\"\",\"held\":true}]");
      assertThat(ask(server, "/healthz", "GET").statusCode()).isEqualTo(200);
      trouble.set(Optional.of("no room"));
      assertThat(ask(server, "/healthz", "GET").statusCode()).isEqualTo(503);
      assertThat(ask(server, "/healthz", "GET").body()).isEqualTo("no room\n");
      assertThat(ask(server, "/", "GET").statusCode()).isEqualTo(404);
      assertThat(ask(server, "/waiting", "HEAD").statusCode()).isEqualTo(200);
      assertThat(ask(server, "/metrics", "DELETE").statusCode()).isEqualTo(405);
    }
  }

  @Test
  @DisplayName("where somebody listens already it says so in one line")
  void taken() throws Exception {
    try (StatusServer first =
        StatusServer.start(ANY, StatusServerTest::report, _ -> trouble.get())) {
      assertThatThrownBy(() ->
              StatusServer.start(first.address(), StatusServerTest::report, _ -> trouble.get()))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("cannot say its status on ")
          .hasMessageEndingWith("end what listens there, or give another address");
    }
  }
}
