package io.cotidal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.engine.SecretStore;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Secret;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class SecretsTest {
  private static final ResourceId SHOP = new ResourceId("copies", "shop");
  private static final ResourceId BLOG = new ResourceId("copies", "blog");
  private static final String CANARY = "canary-5fG7";

  @TempDir Path folder;
  private SqlStore store;

  @BeforeEach
  void open() {
    store = SqlStore.open(file());
  }

  @AfterEach
  void close() {
    store.close();
  }

  private Path file() {
    return folder.resolve("cotidal.db");
  }

  private Path key() {
    return folder.resolve("cotidal.key");
  }

  private SecretStore secrets() {
    return store.secrets(key());
  }

  private void sql(String statement) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
        Statement statements = connection.createStatement()) {
      assertThat(statements.executeUpdate(statement)).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("A secret is found again after a restart, replaced, and forgotten")
  void kept() {
    assertThat(secrets().find(SHOP, "c1")).isEmpty();
    secrets().put(SHOP, "c1", new Secret("old"));
    secrets().put(SHOP, "c1", new Secret(CANARY));
    secrets().put(BLOG, "c1", new Secret("another's"));
    store.close();
    open();
    assertThat(secrets().find(SHOP, "c1").orElseThrow().reveal()).isEqualTo(CANARY);
    secrets().drop(SHOP, "c1");
    secrets().drop(SHOP, "c1");
    assertThat(secrets().find(SHOP, "c1")).isEmpty();
    assertThat(secrets().find(BLOG, "c1").orElseThrow().reveal()).isEqualTo("another's");
  }

  @Test
  @DisplayName("copies/E2: no file of the store holds the secret, or the key")
  void sealed() throws Exception {
    secrets().put(SHOP, "c1", new Secret(CANARY));
    String secretKey = Files.readString(key()).strip();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path each : files.filter(path -> !path.equals(key())).toList()) {
        String text = new String(Files.readAllBytes(each), StandardCharsets.ISO_8859_1);
        assertThat(text).as("%s", each).doesNotContain(CANARY).doesNotContain(secretKey);
      }
    }
  }

  @Test
  @DisplayName("copies/E2: with another key a secret does not open, and the message names the key")
  void otherKey() throws Exception {
    secrets().put(SHOP, "c1", new Secret(CANARY));
    Files.delete(key());
    assertThatThrownBy(() -> secrets().find(SHOP, "c1"))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining(key().toString())
        .hasMessageNotContaining(CANARY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"name = 'c2'", "resource = 'copies/blog'"})
  @DisplayName("copies/E1: a sealed row moved to another name or resource does not open")
  void movedRow(String move) throws Exception {
    secrets().put(SHOP, "c1", new Secret(CANARY));
    sql("UPDATE secret SET " + move);
    ResourceId resource = move.startsWith("name") ? SHOP : BLOG;
    String name = move.startsWith("name") ? "c2" : "c1";
    assertThatThrownBy(() -> secrets().find(resource, name)).isInstanceOf(StoreException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"'AAAA'", "'?'", "''", "substr(sealed, 1, 40)"})
  @DisplayName("A damaged row is an error in one line, never another secret")
  void damaged(String value) throws Exception {
    secrets().put(SHOP, "c1", new Secret(CANARY));
    sql("UPDATE secret SET sealed = " + value);
    assertThatThrownBy(() -> secrets().find(SHOP, "c1"))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("c1")
        .hasMessageNotContaining("\n");
  }

  @Test
  @DisplayName("copies/E2: the key is made once, for its owner alone")
  void keyOnce() throws Exception {
    secrets();
    String made = Files.readString(key());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key())))
        .isEqualTo("rw-------");
    secrets();
    assertThat(Files.readString(key())).isEqualTo(made);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.filter(path -> path.toString().endsWith(".new"))).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw----r--", "rwx------"})
  @DisplayName("A key that others may use is refused, with the remedy")
  void openKey(String mode) throws Exception {
    secrets();
    Files.setPosixFilePermissions(key(), PosixFilePermissions.fromString(mode));
    assertThatThrownBy(this::secrets)
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("chmod 600");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "AAAA", "not a key"})
  @DisplayName("A file that holds no key is refused and not written over")
  void noKey(String text) throws Exception {
    Files.writeString(key(), text);
    Files.setPosixFilePermissions(key(), PosixFilePermissions.fromString("rw-------"));
    assertThatThrownBy(this::secrets)
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("restore it from its backup");
    assertThat(Files.readString(key())).isEqualTo(text);
  }
}
