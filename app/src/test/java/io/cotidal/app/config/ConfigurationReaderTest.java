package io.cotidal.app.config;

import static io.cotidal.app.config.Examples.GOOD;
import static io.cotidal.app.config.Examples.lines;
import static io.cotidal.app.config.Examples.valid;
import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.app.kinds.Kinds;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class ConfigurationReaderTest {
  private static final String CANARY = "hunter2canary";

  @TempDir Path folder;
  private final Map<String, String> environment =
      new TreeMap<>(Map.of("ORDERS", CANARY, "REPLICATION", CANARY));
  private Path system;

  @BeforeEach
  void place() {
    system = folder.resolve("etc/cotidal.yaml");
  }

  private Loaded read(Path file) {
    return Kinds.reader(Map.of(), environment, folder).withSystem(system).read(file);
  }

  private void write(String name, String text) throws Exception {
    Path path = folder.resolve(name);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  @Test
  @DisplayName("the file here is found first, then the system's; a named one before both")
  void search() throws Exception {
    assertThat(lines(read(null)))
        .containsExactly(
            "configuration: there is neither ./cotidal.yaml nor "
                + system
                + "; write one of them, or name another with --config");
    write("etc/cotidal.yaml", "listen: 127.0.0.1:1");
    assertThat(valid(read(null)).listen().getPort()).isEqualTo(1);
    write("cotidal.yaml", "listen: 127.0.0.1:2");
    assertThat(valid(read(null)).listen().getPort()).isEqualTo(2);
    write("by-variable.yaml", "listen: 127.0.0.1:3");
    environment.put("COT_CONFIG", "by-variable.yaml");
    assertThat(valid(read(null)).listen().getPort()).isEqualTo(3);
    write("named.yaml", "listen: 127.0.0.1:4\nstore: sqlite:data/c.db");
    Configuration named = valid(read(Path.of("named.yaml")));
    assertThat(named.listen().getPort()).isEqualTo(4);
    assertThat(named.store()).isEqualTo(new StorePlace.File(folder.resolve("data/c.db")));
    assertThat(named.explain()).contains("listen = 127.0.0.1:4  # named.yaml:1");
  }

  @Test
  @DisplayName("a file that cannot be read is one line")
  void unreadable() throws Exception {
    assertThat(lines(read(Path.of("no.yaml"))))
        .containsExactly("no.yaml: does not exist; write it, or name another with --config");
    assertThat(lines(read(Path.of(".")))).containsExactly(".: is a folder; name the file in it");
    Files.write(folder.resolve("latin.yaml"), "# ä".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(lines(read(Path.of("latin.yaml"))))
        .containsExactly("latin.yaml: is not UTF-8 text; save it as UTF-8");
    assertThat(lines(read(Path.of("/dev/zero"))))
        .containsExactly("/dev/zero: is larger than 4000000 bytes; split the configuration");
  }

  @Test
  @DisplayName(
      "secrets from files and variables; neither problems, explanation nor toString show them")
  void secrets() throws Exception {
    write("cotidal.yaml", GOOD.replace("env:ORDERS", "file:orders.pw"));
    secret("orders.pw", CANARY + "\n", "rw-------");
    Configuration configuration = valid(read(null));
    assertThat(configuration.of(Clusters.class).named().getFirst().access().password().reveal())
        .isEqualTo(CANARY);
    assertThat(configuration.explain())
        .contains("password = *** (file:orders.pw)", "password = *** (env:REPLICATION)")
        .doesNotContain(CANARY);
    assertThat(configuration.toString()).doesNotContain(CANARY);

    for (String mode : new String[] {"rw-r-----", "rw----r--", "rw--w----"}) {
      secret("orders.pw", CANARY + "\n", mode);
      assertThat(lines(read(null)))
          .containsExactly(
              "cotidal.yaml:13: postgres.orders.superuser.password: "
                  + folder
                  + "/orders.pw can be used by others than its owner ("
                  + mode
                  + "); run chmod 600 "
                  + folder
                  + "/orders.pw");
    }
    assertSecretProblem("", "is empty; write the secret as its only line");
    assertSecretProblem("\n", "is empty; write the secret as its only line");
    assertSecretProblem(
        CANARY + "\nmore\n", "holds more than one line of text; write the secret as its only line");
    assertSecretProblem(
        CANARY + "x".repeat(5_000),
        "holds more than one line of text; write the secret as its only line");
    Files.delete(folder.resolve("orders.pw"));
    assertThat(lines(read(null)).getFirst())
        .endsWith("orders.pw does not exist; make it with mode 600, the secret as its only line");
    Files.createDirectory(folder.resolve("orders.pw"));
    assertThat(lines(read(null)).getFirst())
        .endsWith("orders.pw is not a file; name a file with the secret as its only line");
  }

  private void assertSecretProblem(String content, String end) throws Exception {
    secret("orders.pw", content, "rw-------");
    Loaded loaded = read(null);
    assertThat(lines(loaded)).hasSize(1).first().asString().endsWith(end);
    assertThat(loaded.toString()).doesNotContain(CANARY);
  }

  private void secret(String name, String content, String mode) throws Exception {
    Path path = folder.resolve(name);
    Files.writeString(path, content);
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }

  @Test
  @DisplayName("a variable that is not set, or is no variable's name")
  void variables() throws Exception {
    write("cotidal.yaml", GOOD);
    environment.remove("ORDERS");
    assertThat(lines(read(null)))
        .containsExactly(
            "cotidal.yaml:13: postgres.orders.superuser.password: environment variable ORDERS is not set; set it, or write file:PATH");
    environment.put("ORDERS", CANARY + "\nmore");
    assertThat(lines(read(null)).getFirst())
        .contains("holds more than one line")
        .doesNotContain(CANARY);
    write("cotidal.yaml", GOOD.replace("env:ORDERS", "env:" + CANARY + "!"));
    assertThat(lines(read(null)))
        .containsExactly(
            "cotidal.yaml:13: postgres.orders.superuser.password: holds a value, not a reference; write secret: env:NAME or secret: file:PATH");
  }
}
