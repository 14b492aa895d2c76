package io.cotidal.app.copies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cotidal.app.DaemonProcess;
import io.cotidal.app.HaltingMain;
import io.cotidal.app.HaltingStore.Order;
import io.cotidal.app.HaltingStore.Side;
import io.cotidal.app.StartedDaemon;
import io.cotidal.app.copies.Api.Answer;
import io.cotidal.app.copies.CopiesLab.Template;
import io.cotidal.cli.api.Node;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Dumps that clients send to a daemon, on real servers; whatever becomes of them, none stays. */
@Timeout(120)
@DisplayName("uploaded dumps")
final class CopiesUploadIT {
  private static final String SHOP = "shop";
  private static final String UPLOAD = Api.RESOURCES + SHOP + "/import/upload";
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final int KILLED = 137;

  private CopiesLab lab;
  private StartedDaemon daemon;
  private Process process;
  private Api api;

  @BeforeEach
  void open() throws Exception {
    lab = CopiesLab.open();
  }

  @AfterEach
  void close() throws Exception {
    if (daemon != null) {
      daemon.close();
    }
    if (process != null) {
      process.destroyForcibly();
    }
    if (lab != null) {
      lab.close();
    }
  }

  private void serve() throws Exception {
    daemon = new StartedDaemon(lab.configure(List.of(template())));
    api = Api.of(lab.port, daemon.token());
    awaitReady();
  }

  /** Without a dump of its own: all that is loaded was sent. */
  private static Template template() {
    return new Template(SHOP, "mariadb", Map.of("upload-limit", "1MiB"));
  }

  private void awaitReady() {
    await()
        .atMost(LONG)
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(() -> {
          Node view = api.view(SHOP);
          return view.flag("leading") && !view.at("diagnosis").text("code").equals("unclear");
        });
  }

  private static byte[] sql(int rows) {
    StringBuilder sql = new StringBuilder("CREATE TABLE customers (id INT PRIMARY KEY);\n");
    for (int i = 1; i <= rows; i++) {
      sql.append("INSERT INTO customers VALUES (").append(i).append(");\n");
    }
    return sql.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(packed)) {
      out.write(plain);
    }
    return packed.toByteArray();
  }

  private static byte[] hash(byte[] bytes) throws Exception {
    return MessageDigest.getInstance("SHA-256").digest(bytes);
  }

  private Answer upload(Api who, String query, byte[] dump, Map<String, String> headers)
      throws Exception {
    return who.upload(UPLOAD + query, dump, headers);
  }

  /** What lies in the room of uploads. */
  private List<Path> left() throws IOException {
    Path room = lab.volume.folder().resolve(".cotidal/.uploads").resolve(SHOP);
    List<Path> found = new ArrayList<>();
    if (Files.isDirectory(room)) {
      try (DirectoryStream<Path> all = Files.newDirectoryStream(room)) {
        all.forEach(found::add);
      }
    }
    return found;
  }

  private void nothingLeft() {
    await().atMost(LONG).untilAsserted(() -> assertThat(left()).isEmpty());
  }

  private List<Node> imports() throws Exception {
    return api.view(SHOP).list("operations").stream()
        .filter(operation -> operation.text("type").equals("import"))
        .toList();
  }

  @Test
  @DisplayName("copies/A1: an uploaded dump becomes a generation that tells where it came from")
  void good() throws Exception {
    serve();
    Api otto = api.as(api.token("otto", "operator"));
    byte[] dump = gzip(sql(70));
    String digest = "sha-256=:" + Base64.getEncoder().encodeToString(hash(dump)) + ":";
    Answer answer =
        upload(
            otto,
            "?file=..%2F..%2Fetc%2Fmy%20shop.sql.gz",
            dump,
            Map.of("Content-Digest", digest, "Idempotency-Key", "one"));
    assertThat(answer.status()).as("%s", answer).isEqualTo(201);
    Map<String, String> facts = api.items(SHOP, "generation").get("g1").texts("facts");
    assertThat(facts)
        .containsEntry("dump", "my_shop.sql.gz")
        .containsEntry("uploaded-by", "otto")
        .containsEntry("sha256", HexFormat.of().formatHex(hash(dump)))
        .containsEntry("bytes", String.valueOf(dump.length))
        .containsEntry("rows", "70");
    nothingLeft();
    assertThat(api.create(SHOP, "mine").status()).isEqualTo(201);
    assertThat(Jdbc.query(api.jdbc(SHOP, "mine"), Jdbc.COUNT)).isEqualTo("70");

    Answer again = upload(otto, "?file=my_shop.sql.gz", dump, Map.of("Idempotency-Key", "one"));
    assertThat(again.body().text("id")).as("%s", again).isEqualTo(answer.body().text("id"));
    Answer other =
        upload(
            otto,
            "?file=my_shop.sql.gz",
            dump,
            Map.of(
                "Idempotency-Key",
                "one",
                "Content-Digest",
                "sha-256=:" + Base64.getEncoder().encodeToString(new byte[32]) + ":"));
    assertThat(other.status()).as("%s", other).isEqualTo(422);
    assertThat(imports()).hasSize(1);

    Answer streamed = otto.stream(UPLOAD, new ByteArrayInputStream(sql(71)));
    assertThat(streamed.status()).as("%s", streamed).isEqualTo(201);
    assertThat(api.items(SHOP, "generation").get("g2").texts("facts"))
        .containsEntry("dump", "dump")
        .containsEntry("rows", "71");
    nothingLeft();
  }

  @Test
  @DisplayName("copies/A2: a cut upload, a wrong checksum, a broken dump: nothing is left")
  void bad() throws Exception {
    serve();
    cutAfter(400_000);
    await().atMost(LONG).untilAsserted(() -> assertThat(left()).isEmpty());
    Answer wrong =
        upload(
            api,
            "",
            sql(3),
            Map.of(
                "Content-Digest",
                "sha-256=:" + Base64.getEncoder().encodeToString(new byte[32]) + ":"));
    assertThat(wrong.status()).as("%s", wrong).isEqualTo(400);
    assertThat(wrong.body().text("detail")).contains("SHA-256");
    assertThat(left()).isEmpty();
    assertThat(imports()).isEmpty();

    byte[] hostile =
        (new String(sql(5), StandardCharsets.UTF_8) + "INSERT INTO nowhere VALUES ('Xq7');\n")
            .getBytes(StandardCharsets.UTF_8);
    Answer failed = upload(api, "?file=broken.sql", hostile, Map.of());
    assertThat(failed.body().text("state")).as("%s", failed).isEqualTo("failed");
    assertThat(failed.body().text("note"))
        .contains("'broken.sql'", "line 7")
        .doesNotContain("Xq7", ".uploads");
    assertThat(lab.places(SHOP)).isEmpty();
    nothingLeft();
  }

  /**
   * Sends the head of a request and so many bytes of a body that should have more, and hangs up.
   */
  private void cutAfter(int bytes) throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), lab.port)) {
      OutputStream out = socket.getOutputStream();
      out.write(
          """
          POST %s HTTP/1.1
          Host: 127.0.0.1:%d
          Authorization: Bearer %s
          Content-Length: %d

          """
              .formatted(UPLOAD, lab.port, api.token(), bytes + 1)
              .replace("\n", "\r\n")
              .getBytes(StandardCharsets.US_ASCII));
      out.write(new byte[bytes]);
      out.flush();
      await()
          .atMost(LONG)
          .untilAsserted(() ->
              assertThat(left())
                  .singleElement()
                  .satisfies(half -> {
                    assertThat(half.getFileName().toString()).startsWith(".new-u");
                    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(half)))
                        .isEqualTo("rw-------");
                  }));
    }
  }

  @Test
  @DisplayName("copies/A3, copies/E1: too large, no permission, no such template")
  void refused() throws Exception {
    serve();
    byte[] large = new byte[(1 << 20) + 1];
    assertThat(upload(api, "", large, Map.of()).status()).isEqualTo(413);
    Api ann = api.as(api.token("ann", "user"));
    assertThat(upload(ann, "", sql(1), Map.of()).status()).isEqualTo(403);
    assertThat(upload(api.as(""), "", sql(1), Map.of()).status()).isEqualTo(401);
    assertThat(api.upload(Api.RESOURCES + "none/import/upload", sql(1), Map.of()).status())
        .isEqualTo(404);
    Answer rehearsed = upload(api, "?dryRun=true&file=x.sql", new byte[0], Map.of());
    assertThat(rehearsed.text()).contains("load x.sql, uploaded by", "into g1");
    assertThat(left()).isEmpty();
    assertThat(imports()).isEmpty();
  }

  @Test
  @DisplayName("copies/A4: an import of an upload that is cancelled leaves nothing of either")
  void cancelled() throws Exception {
    serve();
    Map<String, String> now = new LinkedHashMap<>(Map.of("Prefer", "wait=0"));
    Answer begun = upload(api, "", "DO SLEEP(100);\n".getBytes(StandardCharsets.UTF_8), now);
    assertThat(begun.status()).as("%s", begun).isEqualTo(202);
    await().atMost(LONG).until(() -> lab.servers().running());
    assertThat(left()).hasSize(1);
    assertThat(upload(api, "", sql(1), Map.of()).status()).as("a second one").isEqualTo(409);
    assertThat(api.post(begun.location() + "/cancel", Map.of(), 30).status()).isBetween(200, 202);
    await()
        .atMost(LONG)
        .untilAsserted(() -> {
          assertThat(api.get(begun.location()).body().text("state")).isEqualTo("cancelled");
          assertThat(left()).isEmpty();
          assertThat(lab.places(SHOP)).isEmpty();
          assertThat(lab.servers().list()).isEmpty();
        });
  }

  private void launch(Path order) throws IOException {
    List<String> command = DaemonProcess.java(List.of());
    command.addAll(List.of(HaltingMain.class.getName(), lab.file().toString(), order.toString()));
    process =
        lab.registry.start(
            new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(
                    ProcessBuilder.Redirect.appendTo(lab.folder.resolve("daemon.log").toFile())));
    Path token = lab.folder.resolve("admin.token");
    await().atMost(LONG).until(() -> Files.exists(token) && Files.size(token) > 40);
    api = Api.of(lab.port, Files.readString(token).strip());
    awaitReady();
  }

  /** Uploads to a daemon that dies on that side of the commit that begins the import. */
  private void killed(Path order, Order halt, byte[] dump) throws Exception {
    halt.write(order);
    try {
      Answer answer = upload(api, "?file=late.sql", dump, Map.of("Prefer", "wait=0"));
      assertThat(answer.status()).as("%s", answer).isBetween(200, 202);
    } catch (IOException e) {
      // The answer died with the daemon.
    }
    await().atMost(LONG).until(() -> !process.isAlive());
    assertThat(process.exitValue()).isEqualTo(KILLED);
    Files.delete(order);
    assertThat(left()).singleElement().satisfies(file -> assertThat(file).hasBinaryContent(dump));
    launch(order);
  }

  @Test
  @DisplayName("copies/B5: a daemon killed between upload and import, or in the import")
  void killed() throws Exception {
    lab.configure(List.of(template()));
    Path order = lab.folder.resolve("halt");
    launch(order);
    killed(order, new Order(Side.BEFORE, 1, 1), sql(40));
    nothingLeft();
    assertThat(imports()).isEmpty();

    killed(order, new Order(Side.AFTER, 1, 2), sql(41));
    await()
        .atMost(LONG)
        .untilAsserted(() -> {
          assertThat(imports())
              .singleElement()
              .satisfies(done -> assertThat(done.text("state")).isEqualTo("done"));
          assertThat(left()).isEmpty();
        });
    assertThat(api.create(SHOP, "mine").status()).isEqualTo(201);
    assertThat(Jdbc.query(api.jdbc(SHOP, "mine"), Jdbc.COUNT)).isEqualTo("41");
    assertThat(api.delete(SHOP, "mine").status()).isEqualTo(200);
  }
}
