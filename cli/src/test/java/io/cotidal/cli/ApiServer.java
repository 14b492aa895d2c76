package io.cotidal.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A real HTTP server that answers as the daemon's API does, from answers that a test puts into it.
 */
final class ApiServer implements AutoCloseable {
  /** The token that it knows. */
  static final String TOKEN = "let-me-in";

  private static final String PROBLEM = "https://cotidal.io/problems/";

  private final HttpServer server;
  private final Map<String, List<Answer>> answers = new ConcurrentHashMap<>();
  private final Map<String, Integer> served = new HashMap<>();
  private final List<Request> requests = Collections.synchronizedList(new ArrayList<>());

  /** What it was asked. */
  record Request(String line, String body, String token, String prefer, String key) {}

  /** What it answers; a status of 0 cuts the connection instead. */
  record Answer(int status, String body, String location) {}

  ApiServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.start();
  }

  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /**
   * Answers {@code line} ({@code GET /path?query}) with each body in turn, then with the last for
   * ever.
   */
  ApiServer on(String line, String... bodies) {
    List<Answer> list = new ArrayList<>();
    for (String body : bodies) {
      list.add(new Answer(200, body, ""));
    }
    answers.put(line, list);
    return this;
  }

  /** Answers {@code line} with these in turn, then with the last for ever. */
  ApiServer on(String line, Answer... list) {
    answers.put(line, List.of(list));
    return this;
  }

  static Answer problem(int status, String code, String detail, String hint, String more) {
    return new Answer(
        status,
        "{\"type\":\"%s%s\",\"title\":\"%s\",\"status\":%d,\"detail\":\"%s\",\"hint\":\"%s\"%s}"
            .formatted(PROBLEM, code, code, status, detail, hint, more),
        "");
  }

  List<Request> requests() {
    return List.copyOf(requests);
  }

  /** The requests that could change something. */
  List<Request> writes() {
    return requests().stream().filter(it -> !it.line().startsWith("GET ")).toList();
  }

  private void handle(HttpExchange exchange) throws IOException {
    String line = exchange.getRequestMethod() + " " + exchange.getRequestURI();
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String token = header(exchange, "Authorization");
    requests.add(
        new Request(
            line, body, token, header(exchange, "Prefer"), header(exchange, "Idempotency-Key")));
    Answer answer = token.equals("Bearer " + TOKEN) ? next(line) : signedOut(token);
    if (answer.status() == 0) {
      exchange.close();
      return;
    }
    byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
    String type = answer.status() >= 400 ? "application/problem+json" : "application/json";
    exchange.getResponseHeaders().set("Content-Type", type);
    if (answer.status() == 401) {
      exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer");
    }
    if (!answer.location().isEmpty()) {
      exchange.getResponseHeaders().set("Location", answer.location());
    }
    exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  private static String header(HttpExchange exchange, String name) {
    String value = exchange.getRequestHeaders().getFirst(name);
    return value == null ? "" : value;
  }

  private static Answer signedOut(String token) {
    String detail = token.isEmpty() ? "no token" : "unknown or expired token";
    return problem(401, "unauthenticated", detail, "", "");
  }

  private Answer next(String line) {
    List<Answer> list = answers.get(line);
    if (list == null) {
      return problem(
          404, "not-found", "there is no " + line.substring(line.indexOf(' ') + 1), "", "");
    }
    int turn = served.merge(line, 1, Integer::sum);
    return list.get(Math.min(turn, list.size()) - 1);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
