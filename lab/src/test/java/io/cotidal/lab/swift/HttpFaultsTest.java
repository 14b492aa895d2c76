package io.cotidal.lab.swift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("The proxy that fails requests by a plan")
@Timeout(60)
class HttpFaultsTest {
  private final List<String> heard = Collections.synchronizedList(new ArrayList<>());
  private HttpServer echo;
  private HttpFaults faults;
  private RawHttp http;

  @BeforeEach
  void start() throws IOException {
    echo = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    echo.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    echo.createContext("/", this::answer);
    echo.start();
    faults = new HttpFaults(echo.getAddress());
    http = new RawHttp(faults.address(), Duration.ofSeconds(20));
  }

  @AfterEach
  void stop() throws IOException {
    faults.close();
    echo.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    heard.add(exchange.getRequestMethod() + " " + body.length);
    exchange.sendResponseHeaders(
        200, exchange.getRequestURI().getPath().equals("/chunked") ? 0 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private RawAnswer put(byte[] body) throws IOException {
    return http.ask(RawRequest.of("PUT", "/x").with(RawBody.of(body)));
  }

  @Test
  @DisplayName(
      "without a plan bodies pass both ways, framed either way, on a connection that stays")
  void passes() throws Exception {
    byte[] body = new byte[1_000_000];
    new Random(7).nextBytes(body);
    assertThat(put(body).body()).isEqualTo(body);
    RawRequest chunked =
        RawRequest.of("PUT", "/chunked").with(RawBody.chunked(new ByteArrayInputStream(body)));
    assertThat(http.ask(chunked).body()).isEqualTo(body);
    try (HttpClient client = HttpClient.newHttpClient()) {
      for (int i = 0; i < 3; i++) {
        HttpRequest request =
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + faults.port() + "/chunked"))
                .PUT(HttpRequest.BodyPublishers.ofByteArray(body))
                .expectContinue(true)
                .build();
        assertThat(client.send(request, HttpResponse.BodyHandlers.ofByteArray()).body())
            .isEqualTo(body);
      }
    }
    assertThat(faults.requests()).isEqualTo(5);
    assertThat(faults.seen()).contains("PUT /x", "PUT /chunked");
  }

  @Test
  @DisplayName("one in so many is answered here, and the server never hears of it")
  void answered() throws Exception {
    faults.plan(HttpFault.Plan.each(3, new HttpFault.Answered(503)));
    List<Integer> statuses = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      statuses.add(put(new byte[10]).status());
    }
    assertThat(statuses).containsExactly(200, 200, 503, 200, 200, 503);
    assertThat(heard).hasSize(4);
    assertThat(faults.faults()).isEqualTo(2);
  }

  @Test
  @DisplayName("a reset is one before the server hears of it, a lost answer is one after")
  void lost() {
    faults.plan((number, method, target) -> new HttpFault.Reset());
    assertThatThrownBy(() -> put(new byte[10])).isInstanceOf(IOException.class);
    assertThat(heard).isEmpty();
    faults.plan((number, method, target) -> new HttpFault.Lost());
    assertThatThrownBy(() -> put(new byte[10])).isInstanceOf(IOException.class);
    await().until(() -> heard.contains("PUT 10"));
  }

  @Test
  @DisplayName("bodies are cut where the plan says")
  void cut() throws Exception {
    faults.plan((number, method, target) -> new HttpFault.RequestCut(500_000));
    assertThatThrownBy(() -> put(new byte[1_000_000])).isInstanceOf(IOException.class);
    faults.plan((number, method, target) -> new HttpFault.AnswerCut(1_000));
    ByteArrayOutputStream got = new ByteArrayOutputStream();
    RawRequest request = RawRequest.of("PUT", "/x").with(RawBody.of(new byte[100_000]));
    assertThatThrownBy(() -> http.ask(request, got)).isInstanceOf(IOException.class);
    assertThat(got.size()).isLessThanOrEqualTo(1_000);
    faults.plan(HttpFault.Plan.NONE);
    assertThat(put(new byte[5]).status()).isEqualTo(200);
  }
}
