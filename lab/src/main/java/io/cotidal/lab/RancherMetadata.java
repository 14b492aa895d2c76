package io.cotidal.lab;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Rancher's metadata service as containers see it, on loopback: one service with its containers,
 * the version that changes with them and for which one may wait, and every bad answer that a test
 * asks for. Thread-safe.
 */
public final class RancherMetadata implements AutoCloseable {
  private static final Pattern VALUE = Pattern.compile("(?:^|&)value=([^&]*)");
  private static final Pattern LONGEST = Pattern.compile("(?:^|&)maxWait=([0-9]{1,4})");

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final String path;
  private final Lock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private List<Container> containers = List.of();
  private @Nullable Answer instead;
  private int version = 1;
  private int asked;

  /**
   * A container.
   *
   * @param ip empty while it has none
   */
  public record Container(String name, String ip, Map<String, String> labels) {
    /** Copies the labels. */
    public Container {
      labels = Map.copyOf(labels);
    }

    String json() {
      List<String> written = new ArrayList<>();
      labels.forEach((key, value) -> written.add("\"" + key + "\":\"" + value + "\""));
      return "{\"name\":\""
          + name
          + "\",\"primary_ip\":"
          + (ip.isEmpty() ? "null" : "\"" + ip + "\"")
          + ",\"state\":\"running\",\"health_state\":\"healthy\",\"labels\":{"
          + String.join(",", written)
          + "}}";
    }
  }

  /** What it says to every question for containers instead of the truth. */
  public record Answer(int status, String body) {}

  private RancherMetadata(HttpServer server, String path) {
    this.server = server;
    this.path = path;
  }

  /**
   * Starts one.
   *
   * @param port on 127.0.0.1
   * @param stack empty for a service without one
   */
  public static RancherMetadata start(int port, String stack, String service) throws IOException {
    HttpServer server =
        HttpServer.create(
            new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port), 16);
    String path =
        (stack.isEmpty() ? "" : "/stacks/" + stack) + "/services/" + service + "/containers";
    RancherMetadata metadata = new RancherMetadata(server, path);
    server.createContext("/", metadata::answer);
    server.setExecutor(metadata.threads);
    server.start();
    return metadata;
  }

  /** Where it is asked. */
  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** From now on these run; whoever waits for news is told. */
  public void run(List<Container> running) {
    change(() -> {
      containers = List.copyOf(running);
      instead = null;
    });
  }

  /** From now on every question for containers is answered so. */
  public void answer(Answer always) {
    change(() -> instead = always);
  }

  /** How often containers were asked for. */
  public int asked() {
    lock.lock();
    try {
      return asked;
    } finally {
      lock.unlock();
    }
  }

  private void change(Runnable change) {
    lock.lock();
    try {
      change.run();
      version++;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String asking = exchange.getRequestURI().getPath().replaceFirst("^/[^/]+", "");
      Answer answer;
      if (asking.equals("/version")) {
        answer = new Answer(200, "\"" + version(exchange.getRequestURI().getQuery()) + "\"");
      } else if (asking.equals(path)) {
        answer = containers();
      } else {
        answer = new Answer(404, "\"Not found\"");
      }
      byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private Answer containers() {
    lock.lock();
    try {
      asked++;
      return instead == null
          ? new Answer(
              200, "[" + String.join(",", containers.stream().map(Container::json).toList()) + "]")
          : instead;
    } finally {
      lock.unlock();
    }
  }

  private String version(@Nullable String query) {
    String asking = query == null ? "" : query;
    Matcher value = VALUE.matcher(asking);
    Matcher longest = LONGEST.matcher(asking);
    long left = longest.find() ? Duration.ofSeconds(Long.parseLong(longest.group(1))).toNanos() : 0;
    lock.lock();
    try {
      if (asking.contains("wait=true") && value.find()) {
        String known = value.group(1);
        while (left > 0 && known.equals("v" + version)) {
          left = changed.awaitNanos(left);
        }
      }
      return "v" + version;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "v" + version;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
    try {
      boolean _ = threads.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
