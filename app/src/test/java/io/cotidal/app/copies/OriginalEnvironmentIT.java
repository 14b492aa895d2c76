package io.cotidal.app.copies;

import static io.cotidal.app.copies.Jdbc.COUNT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.cotidal.app.StartedDaemon;
import io.cotidal.app.copies.Myaas.Answer;
import io.cotidal.cli.api.Node;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** A daemon that has nothing but the original's variables, and the original's calls to it. */
@Timeout(150)
@DisplayName("DB replicator's environment alone")
final class OriginalEnvironmentIT {
  private static final Duration LONG = Duration.ofSeconds(60);

  private CopiesLab lab;
  private StartedDaemon daemon;
  private Path dumps;
  private int door;

  @BeforeEach
  void open() throws Exception {
    lab = CopiesLab.open();
    dumps = Files.createDirectory(lab.folder.resolve("dumps"));
    door = lab.registry.port();
  }

  @AfterEach
  void close() throws Exception {
    if (daemon != null) {
      daemon.close();
    }
    if (lab != null) {
      lab.close();
    }
  }

  private Myaas serve(Map<String, String> environment) throws Exception {
    Map<String, String> whole = new HashMap<>(environment);
    whole.put("COT_COPIES_COMPAT_LISTEN", "127.0.0.1:" + door);
    daemon = new StartedDaemon(lab.configure(whole));
    return Myaas.of(door).bearer(daemon.token());
  }

  private static void awaitTemplate(Myaas client, String name) {
    await().atMost(LONG).until(() -> client.get("/templates").text().contains("\"" + name + "\""));
  }

  private void dump(String name) throws Exception {
    Files.move(lab.dump(name, 20, "gold"), dumps.resolve(name));
  }

  private static void connect(String address, Node copy) throws Exception {
    new Socket(InetAddress.ofLiteral(address), Integer.parseInt(copy.text("port"))).close();
  }

  @Test
  @DisplayName(
      "copies/E5: the older variables; a dump that appears is a template, one that goes takes nothing with it")
  void older() throws Exception {
    dump("shop.sql");
    Path data = lab.volume.folder().resolve("data");
    Map<String, String> environment =
        Map.of(
            "HOST_NAME", "db.example",
            "HOPS_DATA_DIR", data.toString(),
            "HOPS_DUMP_DIR", dumps.toString(),
            "MYSQL_DATABASE", "orders",
            "MYSQL_ROOT_PASSWORD", "of-all-7");
    Myaas client = serve(environment);
    awaitTemplate(client, "shop");
    Answer made = client.create("shop", "n1");
    assertThat(made.status()).as("%s", made).isEqualTo(201);
    Node copy = made.body();
    assertThat(copy.text("host")).isEqualTo("db.example");
    assertThat(copy.text("database")).isEqualTo("orders");
    assertThat(copy.text("password")).isEqualTo("of-all-7");
    assertThat(made.text()).doesNotContain("expires_at");
    // Others reach it under the name, at whatever address that has; never without TLS.
    connect("127.0.0.2", copy);
    String url = Myaas.jdbc(copy, "mariadb", "127.0.0.2");
    assertThat(Jdbc.query(url, COUNT)).isEqualTo("20");
    assertThatThrownBy(
            () -> Jdbc.query(url.replace("sslMode=trust", "sslMode=disable"), "SELECT 1"))
        .isInstanceOf(java.sql.SQLException.class);
    assertThat(data.resolve("shop")).isDirectory();
    assertThat(data.resolve("shop-n1")).isDirectory();

    dump("later.sql.new");
    Files.move(dumps.resolve("later.sql.new"), dumps.resolve("later.sql"));
    awaitTemplate(client, "later");
    Files.delete(dumps.resolve("shop.sql"));
    daemon.again();
    awaitTemplate(client, "shop");
    assertThat(client.get("/db/shop/n1").text()).contains("\"running\":true");
    assertThat(Jdbc.query(url, COUNT)).isEqualTo("20");
    for (String template : List.of("shop", "later")) {
      // It leads each of its templates anew, one after another.
      await().atMost(LONG).until(() -> client.create(template, "n2").status() == 201);
    }
  }

  @Test
  @DisplayName(
      "copies/E5: the newer variables, with PostgreSQL, a lifetime, a prefix and a log of requests")
  void newer() throws Exception {
    Path base = lab.volume.folder();
    dumps = Files.createDirectory(base.resolve("dumps"));
    dump("books.sql");
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    Logger logger = (Logger) LoggerFactory.getLogger(LoggedRequests.class);
    logger.addAppender(lines);
    try {
      Myaas client =
          serve(
              Map.of(
                  "MYAAS_BASE_DIR", base.toString(),
                  "MYAAS_BACKEND", "myaas.backends.postgres",
                  "MYAAS_DB_DATABASE", "lib",
                  "MYAAS_DB_USERNAME", "reader",
                  "MYAAS_CONTAINER_TTL", "600",
                  "MYAAS_MEMORY_LIMIT", "32m",
                  "MYAAS_PREFIX", "x-",
                  "MYAAS_DEBUG", "True"));
      awaitTemplate(client, "books");
      Answer made = client.create("books", "n1");
      assertThat(made.status()).as("%s", made).isEqualTo(201);
      Node copy = made.body();
      assertThat(copy.text("host")).isEqualTo("localhost");
      assertThat(copy.text("database")).isEqualTo("lib");
      assertThat(copy.text("user")).isEqualTo("reader");
      assertThat(copy.text("password")).hasSizeGreaterThan(15);
      assertThat(Double.parseDouble(copy.text("expires_at")) - copy.number("created"))
          .isBetween(599.0, 602.0);
      assertThat(Jdbc.query(Myaas.jdbc(copy, "postgres"), COUNT)).isEqualTo("20");
      assertThatThrownBy(() -> connect("127.0.0.2", copy)).isInstanceOf(ConnectException.class);
      assertThat(client.get("/db/books/n1?all=1").body().at("container").text("Name"))
          .isEqualTo("/x-books-n1");
      List<String> told = lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
      assertThat(told)
          .anyMatch(line ->
              line.startsWith("event=compat-request method=POST path=/db/books/n1 status=201"));
      assertThat(String.join("\n", told)).doesNotContain(copy.text("password"), daemon.token());
    } finally {
      logger.detachAppender(lines);
    }
  }
}
