package io.cotidal.lab.geoserver;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * A GeoServer on loopback, as far as REST, GeoWebCache, GetFeature and GetMap need one; with every
 * call written down, and with faults at the call that a test names. Thread-safe.
 */
public final class GeoServerStub implements AutoCloseable {
  /** Who may ask. */
  public static final String USER = "admin";

  /** Their password. */
  public static final String PASSWORD = "geoserver";

  private static final String HOME = "/geoserver";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Journal journal = new Journal();
  private final Faults faults = new Faults();
  private final Lock lock = new ReentrantLock();
  private final Catalogue catalogue = new Catalogue();
  private final Connections connections = new Connections();
  private final RestDesk rest;
  private final Maps maps;

  private GeoServerStub(HttpServer server) {
    this.server = server;
    Columns columns = new Columns(connections);
    this.rest = new RestDesk(catalogue, columns);
    this.maps =
        new Maps(
            catalogue,
            columns,
            new Maps.Locked() {
              @Override
              public <T> T in(Supplier<T> work) {
                return locked(work);
              }
            });
  }

  /**
   * Starts one with an empty catalogue.
   *
   * @param port on 127.0.0.1; 0 for any
   */
  public static GeoServerStub start(int port) throws IOException {
    HttpServer server =
        HttpServer.create(
            new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port), 64);
    GeoServerStub stub = new GeoServerStub(server);
    server.createContext("/", stub::handle);
    server.setExecutor(stub.threads);
    server.start();
    return stub;
  }

  /** Its home, without a slash at the end. */
  public String url() {
    return "http://127.0.0.1:" + port() + HOME;
  }

  /** Where it listens. */
  public int port() {
    return server.getAddress().getPort();
  }

  /** What was asked of it. */
  public Journal journal() {
    return journal;
  }

  /**
   * The {@code number}-th call of the REST interface from now on goes wrong, and only that.
   *
   * @param number 1 for the next
   */
  public void fail(int number, Fault how) {
    faults.next(number, how);
  }

  /**
   * Of the calls of the REST interface that change something and speak of {@code word}, in their
   * address or in what is sent, as many as {@code times} answer 500 and do nothing, from the {@code
   * number}-th on. Questions are answered: who only looks must not be counted.
   *
   * @param number 1 for the next
   */
  public void fail(String word, int number, int times) {
    faults.about(word, number, times);
  }

  /** The words of which not all calls have failed yet that were to. */
  public Set<String> failing() {
    return faults.pending();
  }

  /** Nothing goes wrong from now on; whether the one call was still to. */
  public boolean heal() {
    return faults.heal();
  }

  /** The grid sets that its tile cache has. */
  public void gridSets(List<String> names) {
    locked(() -> {
      catalogue.tiles.gridSets(names);
      return 0;
    });
  }

  /** From now on tiles take that many looks at the tasks until they are gone. */
  public void emptiesSlowly(int looks) {
    locked(() -> {
      catalogue.tiles.slow(looks);
      return 0;
    });
  }

  /**
   * Makes a workspace with that many layers, of no table, without a call.
   *
   * @param layers 0 to take the workspace away
   */
  public void fill(String workspace, int layers) {
    locked(() -> {
      if (layers == 0) {
        catalogue.workspaces.remove(workspace);
        return 0;
      }
      Catalogue.Workspace filled = new Catalogue.Workspace(workspace);
      filled.stores.put("many", new Catalogue.Store(false, Tree.node().put("name", "many")));
      for (int i = 0; i < layers; i++) {
        String name = "layer_" + i;
        filled.resources.put(
            name, Catalogue.Resource.of("many", false, Tree.node().put("name", name)));
      }
      catalogue.workspaces.put(workspace, filled);
      return 0;
    });
  }

  /** Its tile cache holds that many tiles of a layer, given as {@code ws:name}. */
  public void keepTiles(String layer, int count) {
    locked(() -> {
      catalogue.tiles.keep(layer, count);
      return 0;
    });
  }

  /** How many tiles of a layer it holds. */
  public int tiles(String layer) {
    return locked(() -> catalogue.tiles.kept(layer));
  }

  /** The text of a style, if there is one. */
  public Optional<String> style(String workspace, String name) {
    return locked(() ->
        Optional.ofNullable(catalogue.workspaces.get(workspace))
            .map(found -> found.styles.get(name))
            .map(found -> new String(found.text().all(), StandardCharsets.UTF_8)));
  }

  /** The names of all styles of a workspace. */
  public Set<String> styles(String workspace) {
    return locked(() ->
        Optional.ofNullable(catalogue.workspaces.get(workspace))
            .map(found -> Set.copyOf(found.styles.keySet()))
            .orElse(Set.of()));
  }

  private <T> T locked(Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body;
      try (InputStream in = exchange.getRequestBody()) {
        body = in.readAllBytes();
      }
      String path = exchange.getRequestURI().getRawPath();
      String query = exchange.getRequestURI().getRawQuery();
      String shown =
          (path.startsWith(HOME) ? path.substring(HOME.length()) : path)
              + (query == null ? "" : "?" + query);
      Optional<Fault> due =
          faults.due(exchange.getRequestMethod(), shown, new String(body, StandardCharsets.UTF_8));
      if (due.isPresent() && due.get() == Fault.HANG) {
        journal.add(new Journal.Entry(exchange.getRequestMethod(), shown, 0));
        await();
        return;
      }
      String type = exchange.getRequestHeaders().getFirst("Content-Type");
      Call call =
          new Call(
              exchange.getRequestMethod(),
              Call.segments(path),
              Call.parameters(query == null ? "" : query),
              type == null ? "" : type,
              new Answer.Bytes(body));
      Answer answer =
          due.isPresent() && due.get() == Fault.ERROR ? broken() : answer(call, exchange);
      boolean cut = due.isPresent() && due.get() == Fault.CUT;
      journal.add(new Journal.Entry(exchange.getRequestMethod(), shown, cut ? 0 : answer.status()));
      if (!cut) {
        send(exchange, answer);
      }
    }
  }

  private static Answer broken() {
    return Answer.text(500, "java.lang.NullPointerException");
  }

  private void await() {
    try {
      closing.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Answer answer(Call call, HttpExchange exchange) {
    try {
      if (call.length() < 2 || !call.path().getFirst().equals("geoserver")) {
        throw Refusal.missing("resource");
      }
      Call below = call.below();
      if (below.path().getFirst().equals("rest")) {
        require(exchange);
        return locked(() -> {
          Answer answer = rest.answer(below.below());
          maps.publish(catalogue.layers());
          return answer;
        });
      }
      if (below.length() > 2 && below.path().getFirst().equals("gwc")) {
        require(exchange);
        return locked(() -> catalogue.tiles.answer(below.below().below(), catalogue));
      }
      return maps.answer(below, below.length() > 1 ? below.path().getFirst() : "");
    } catch (Refusal e) {
      return e.answer();
    }
  }

  private static void require(HttpExchange exchange) {
    String expected =
        "Basic "
            + Base64.getEncoder()
                .encodeToString((USER + ":" + PASSWORD).getBytes(StandardCharsets.UTF_8));
    if (!expected.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
      throw new Refusal(401, "<html><body>HTTP Status 401 - Unauthorized</body></html>");
    }
  }

  private static void send(HttpExchange exchange, Answer answer) throws IOException {
    byte[] body = answer.body().all();
    exchange.getResponseHeaders().set("Content-Type", answer.type());
    exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
    threads.shutdownNow();
    connections.close();
    try {
      boolean _ = threads.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
