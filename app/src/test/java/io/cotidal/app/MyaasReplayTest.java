package io.cotidal.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.app.copies.MyaasHandler;
import io.cotidal.copies.compat.CopyDesk;
import io.cotidal.copies.compat.MyaasApi;
import io.cotidal.engine.TokenStore;
import io.cotidal.model.Permission;
import io.cotidal.model.Secret;
import io.cotidal.model.Token;
import io.cotidal.server.CompatListener;
import io.cotidal.server.ServerOptions;
import io.cotidal.server.access.Caller;
import io.cotidal.server.access.Credentials;
import io.cotidal.server.compat.Anonymous;
import io.cotidal.server.compat.Authenticator;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The requests that DB replicator's clients send, byte for byte, to a listener of its own. */
@Timeout(60)
@DisplayName("DB replicator's clients")
class MyaasReplayTest {
  private static final long NOW = 1_795_255_200_000_000L;

  private final List<String> audit = new CopyOnWriteArrayList<>();
  private final ConcurrentMap<List<String>, CopyDesk.Copy> copies = new ConcurrentHashMap<>();
  private final List<String> callers = new CopyOnWriteArrayList<>();
  private final Credentials credentials = new Credentials(new Tokens(), InstantSource.system());
  private final List<CompatListener> listeners = new ArrayList<>();

  @AfterEach
  void stop() {
    listeners.forEach(CompatListener::close);
  }

  private int start(Optional<Anonymous> anonymous) throws IOException {
    CompatListener listener =
        new CompatListener(
            new CompatListener.Protocol(
                "myaas",
                new MyaasHandler(new MyaasApi("myaas-"), Desk::new),
                new Authenticator(credentials, anonymous),
                audit::add),
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            InstantSource.system(),
            ServerOptions.of("1"));
    listeners.add(listener);
    listener.start();
    return listener.port();
  }

  private record Response(int status, Map<String, String> headers, String body) {}

  /** Sends {@code head}, whose lines end in a line feed here, and {@code body}. */
  private static Response send(int port, String head, String body) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(20_000);
      OutputStream out = socket.getOutputStream();
      String text = head.strip().replace("PORT", String.valueOf(port)).replace("\n", "\r\n");
      out.write((text + "\r\n\r\n" + body).getBytes(StandardCharsets.UTF_8));
      out.flush();
      return read(socket.getInputStream());
    }
  }

  private static Response read(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    for (int next = in.read(); next >= 0; next = in.read()) {
      head.append((char) next);
      if (head.toString().endsWith("\r\n\r\n")) {
        break;
      }
    }
    List<String> lines = head.toString().lines().toList();
    Map<String, String> headers = new java.util.TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (String line : lines.subList(1, lines.size() - 1)) {
      String[] pair = line.split(": ?", 2);
      headers.put(pair[0], pair[1]);
    }
    int length = Integer.parseInt(headers.getOrDefault("Content-Length", "0"));
    String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
    return new Response(Integer.parseInt(lines.getFirst().split(" ")[1]), headers, body);
  }

  /** As python-requests writes it for the fabfile; a user in DB_URL becomes HTTP Basic. */
  private static Response fab(int port, String method, String target, String token)
      throws IOException {
    String basic =
        Base64.getEncoder().encodeToString(("any:" + token).getBytes(StandardCharsets.UTF_8));
    return send(
        port,
        method
            + " "
            + target
            + " HTTP/1.1\nHost: 127.0.0.1:PORT\nUser-Agent: python-requests/2.9.1\n"
            + "Accept-Encoding: gzip, deflate\nAccept: text/plain, application/json\n"
            + "Connection: keep-alive\n"
            + (method.equals("GET") ? "" : "Content-Length: 0\n")
            + (token.isEmpty() ? "" : "Authorization: Basic " + basic),
        "");
  }

  private String token() {
    return credentials
        .issue("ann", Permission.USER, "copies/*", Duration.ofDays(1))
        .orElseThrow()
        .secret()
        .reveal();
  }

  @Test
  @DisplayName("copies/E5: a day of the fabfile: list, make, make again, show, inspect, remove")
  void fabfile() throws IOException {
    int port = start(Optional.empty());
    String token = token();
    assertThat(fab(port, "GET", "/templates", token).body())
        .isEqualTo("{\"templates\":[\"a-b\",\"shop\"]}\n");
    assertThat(fab(port, "GET", "/db", token).body()).isEqualTo("{\"databases\":[]}\n");
    Response made = fab(port, "POST", "/db/shop/n1", token);
    assertThat(made.status()).isEqualTo(201);
    assertThat(made.headers()).containsEntry("Content-Type", "application/json");
    assertThat(made.body())
        .contains("\"host\":\"db.example\"", "\"port\":\"33061\"", "\"user\":\"myaas\"")
        .contains("\"password\":\"secret-of-n1\"", "\"database\":\"default\"")
        .contains("\"running\":true");
    Response again = fab(port, "POST", "/db/shop/n1", token);
    assertThat(again.status()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
    assertThat(again.headers()).doesNotContainKey("Content-Type");
    assertThat(fab(port, "GET", "/db/shop/n1", token).body())
        .contains("\"password\":\"secret-of-n1\"");
    assertThat(fab(port, "GET", "/db/shop/n1?all=True", token).body())
        .startsWith("{\"container\":{")
        .doesNotContain("secret-of-n1");
    assertThat(fab(port, "GET", "/", token).body()).contains("\"databases\":[\"shop,n1\"]");
    Response gone = fab(port, "DELETE", "/db/shop/n1", token);
    assertThat(gone.status()).isEqualTo(204);
    assertThat(gone.headers()).doesNotContainKeys("Content-Type", "Content-Length");
    assertThat(fab(port, "DELETE", "/db/shop/n1", token).status()).isEqualTo(404);
    assertThat(fab(port, "DELETE", "/db/a/b", token).body())
        .isEqualTo("{\"status\":\"Not found\"}\n");
    assertThat(callers).containsOnly("ann");
    assertThat(audit).isEmpty();
  }

  @Test
  @DisplayName("copies/E1: without a token every request of theirs is 401 and reaches no desk")
  void signedOut() throws IOException {
    int port = start(Optional.empty());
    for (String target : List.of("/", "/db", "/templates", "/db/shop/n1", "/v1/db/shop/n1")) {
      for (String method : List.of("GET", "POST", "DELETE")) {
        Response refused = fab(port, method, target, "");
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.headers().get("WWW-Authenticate")).startsWith("Basic ");
      }
    }
    assertThat(callers).isEmpty();
  }

  @Test
  @DisplayName("copies/E5: curl in the mysql-proxy image finds nothing, makes one, removes it")
  void proxy() throws IOException {
    int port = start(Optional.of(new Anonymous(Permission.USER, "copies/*")));
    String curl = "Host: 127.0.0.1:PORT\nUser-Agent: curl/7.38.0\nAccept: */*";
    assertThat(send(port, "GET /db/shop/ci-1 HTTP/1.1\n" + curl, "").status()).isEqualTo(404);
    Response made = send(port, "POST /db/shop/ci-1 HTTP/1.1\n" + curl, "");
    assertThat(made.status()).isEqualTo(201);
    assertThat(made.body()).contains("\"port\":\"33061\"");
    assertThat(send(port, "DELETE /db/shop/ci-1 HTTP/1.1\n" + curl, "").status()).isEqualTo(204);
    assertThat(callers).containsOnly("anonymous");
    assertThat(audit).hasSize(1);
  }

  @Test
  @DisplayName("copies/B10: a ttl as form and as JSON, behind the proxy's /v1")
  void ttl() throws IOException {
    int port = start(Optional.of(new Anonymous(Permission.USER, "copies/*")));
    String form =
        "POST /v1/db/shop/f HTTP/1.1\nHost: 127.0.0.1:PORT\n"
            + "Content-Type: application/x-www-form-urlencoded\nContent-Length: 6";
    assertThat(send(port, form, "ttl=90").body()).contains("\"expires_at\":\"1795255290.0\"");
    String json =
        "POST /v1/db/shop/j HTTP/1.1\nHost: 127.0.0.1:PORT\n"
            + "Content-Type: application/json\nContent-Length: 11";
    assertThat(send(port, json, "{\"ttl\": 90}").body())
        .contains("\"expires_at\":\"1795255290.0\"");
    Response bad =
        send(port, form.replace("/f", "/x").replace("Length: 6", "Length: 8"), "ttl=soon");
    assertThat(bad.status()).isEqualTo(400);
    assertThat(copies).doesNotContainKey(List.of("shop", "x"));
  }

  @Test
  @DisplayName("copies/C1: names that climb, hide or are no names reach no desk")
  void names() throws IOException {
    int port = start(Optional.of(new Anonymous(Permission.USER, "copies/*")));
    for (String path :
        List.of(
            "/db/shop/..",
            "/db/shop/%2e%2e%2fx",
            "/db/shop/a%00",
            "/db/shop/A",
            "/db/../../x",
            "/db/shop/" + "x".repeat(300),
            "/db/shop/--help",
            "/db/shop/%60id%60")) {
      Response refused = send(port, "POST " + path + " HTTP/1.1\nHost: 127.0.0.1:PORT", "");
      assertThat(refused.status()).as(path).isIn(400, 404);
    }
    assertThat(copies).isEmpty();
  }

  @Test
  @DisplayName("copies/B3: of twenty POSTs of one name at once exactly one answers 201")
  void race() throws Exception {
    int port = start(Optional.empty());
    String token = token();
    CountDownLatch go = new CountDownLatch(1);
    List<Integer> statuses = Collections.synchronizedList(new ArrayList<>());
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        all.add(
            clients.submit(() -> {
              go.await();
              return statuses.add(fab(port, "POST", "/db/shop/n1", token).status());
            }));
      }
      go.countDown();
      for (Future<?> one : all) {
        one.get();
      }
    }
    assertThat(statuses).hasSize(20).containsOnly(201, 304).containsOnlyOnce(201);
  }

  /** A desk over copies in memory. */
  private final class Desk implements CopyDesk {
    Desk(Caller caller) {
      callers.add(caller.actor().name());
    }

    @Override
    public List<String> templates() {
      return List.of("a-b", "shop");
    }

    @Override
    public List<Copy> copies() {
      return List.copyOf(copies.values());
    }

    @Override
    public Lookup show(String template, String name) {
      Copy copy = copies.get(List.of(template, name));
      return copy == null ? new NoCopy() : shown(copy);
    }

    private Shown shown(Copy copy) {
      Secret password = new Secret("secret-of-" + copy.name());
      return new Shown(
          copy, new Reach("db.example", 33061, "default", "myaas", Optional.of(password)));
    }

    @Override
    public Optional<Container> inspect(String template, String name) {
      return Optional.ofNullable(copies.get(List.of(template, name)))
          .map(copy -> new Container(shown(copy), "shop.c1", "mariadb", "/v/c1/data", 3306));
    }

    @Override
    public Creation create(String template, String name, Optional<Duration> ttl) {
      if (!templates().contains(template)) {
        return new NoTemplate();
      }
      long expires = ttl.map(life -> NOW + life.toNanos() / 1000).orElse(0L);
      Copy copy = new Copy(template, name, "mysql", Standing.RUNNING, NOW, NOW, expires);
      return copies.putIfAbsent(List.of(template, name), copy) == null ? shown(copy) : new Exists();
    }

    @Override
    public Removal remove(String template, String name) {
      return copies.remove(List.of(template, name)) == null ? new NoCopy() : new Removed();
    }
  }

  /** Tokens in memory. */
  private static final class Tokens implements TokenStore {
    private final Map<String, Token> byHash = new ConcurrentHashMap<>();

    @Override
    public boolean add(Token token) {
      return byHash.putIfAbsent(token.hash(), token) == null;
    }

    @Override
    public Optional<Token> find(String hash) {
      return Optional.ofNullable(byHash.get(hash));
    }

    @Override
    public List<Token> list() {
      return List.copyOf(byHash.values());
    }

    @Override
    public boolean remove(String id) {
      return byHash.values().removeIf(token -> token.id().equals(id));
    }

    @Override
    public void used(String id, long micros) {
      // Nobody asks.
    }
  }
}
