package io.cotidal.gateway.status;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** Answers {@code /metrics}, {@code /healthz} and {@code /waiting}. */
public final class StatusServer implements AutoCloseable {
  private static final Duration EACH = Duration.ofSeconds(5);
  private static final int BACKLOG = 64;
  private static final int METHOD_NOT_ALLOWED = 405;
  private static final int NOT_FOUND = 404;
  private static final int UNAVAILABLE = 503;
  private static final int OK = 200;

  private final HttpServer server;
  private final ExecutorService threads;
  private final Supplier<Report> report;
  private final Health health;

  /** Finds out whether clients can be served. */
  public interface Health {
    /** Why not, in one line; empty if they can. */
    Optional<String> trouble(Deadline deadline) throws InterruptedException;
  }

  private record Said(int status, String type, String text) {
    private static Said plain(int status, String text) {
      return new Said(status, "text/plain; charset=utf-8", text + "\n");
    }
  }

  private StatusServer(HttpServer server, Supplier<Report> report, Health health) {
    this.server = server;
    this.report = report;
    this.health = health;
    this.threads = Executors.newVirtualThreadPerTaskExecutor();
    server.setExecutor(threads);
    server.createContext("/", this::handle);
  }

  /**
   * Starts one.
   *
   * @throws IOException in one line, if it cannot listen there
   */
  public static StatusServer start(InetSocketAddress listen, Supplier<Report> report, Health health)
      throws IOException {
    HttpServer server;
    try {
      server = HttpServer.create(listen, BACKLOG);
    } catch (IOException e) {
      throw new IOException(
          "cannot say its status on %s: %s; end what listens there, or give another address"
              .formatted(listen, e.getMessage()),
          e);
    }
    StatusServer started = new StatusServer(server, report, health);
    server.start();
    return started;
  }

  /** Where it answers. */
  public InetSocketAddress address() {
    return server.getAddress();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Said said = said(exchange);
      byte[] bytes = said.text().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", said.type());
      boolean head = exchange.getRequestMethod().equals("HEAD");
      exchange.sendResponseHeaders(said.status(), head ? -1 : bytes.length);
      if (!head) {
        try (OutputStream out = exchange.getResponseBody()) {
          out.write(bytes);
        }
      }
    }
  }

  private Said said(HttpExchange exchange) {
    String method = exchange.getRequestMethod();
    if (!method.equals("GET") && !method.equals("HEAD")) {
      return Said.plain(METHOD_NOT_ALLOWED, "use GET");
    }
    return switch (exchange.getRequestURI().getPath()) {
      case "/metrics" ->
          new Said(
              OK, "text/plain; version=0.0.4; charset=utf-8", StatusText.metrics(report.get()));
      case "/waiting" -> new Said(OK, "application/json", StatusText.waiting(report.get()));
      case "/healthz" -> healthy();
      default -> Said.plain(NOT_FOUND, "there are /metrics, /healthz and /waiting");
    };
  }

  private Said healthy() {
    try {
      return health
          .trouble(Deadline.in(EACH))
          .map(reason -> Said.plain(UNAVAILABLE, reason))
          .orElseGet(() -> Said.plain(OK, "ok"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Said.plain(UNAVAILABLE, "it is ending");
    }
  }

  /** Ends it. */
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
