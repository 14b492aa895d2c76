package io.cotidal.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.model.Secret;
import io.cotidal.store.PostgresAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class StoreFormTest {
  private static final Path HERE = Path.of("/etc/cotidal");
  private static final String CANARY = "hunter2";

  private static PostgresAddress address(String text) {
    Form.Read<StorePlace> read = new StoreForm(HERE, HERE.resolve("var")).read(text);
    assertThat(read).as(text).isInstanceOf(Form.Read.Fit.class);
    return ((StorePlace.Server) ((Form.Read.Fit<StorePlace>) read).value()).address();
  }

  @ParameterizedTest
  @CsvSource({
    "postgresql://cotidal@db.example.org/state,db.example.org,5432,state,verify-full",
    "postgres://cotidal@10.0.0.1:6000/state,10.0.0.1,6000,state,verify-full",
    "postgresql://cotidal@localhost/state,localhost,5432,state,disable",
    "postgresql://cotidal@127.0.0.1/state?sslmode=require,127.0.0.1,5432,state,require",
    "postgresql://cotidal@[::1]:6000/state,::1,6000,state,disable",
    "postgresql://cotidal@db/state?schema=two&sslmode=verify-ca,db,5432,state,verify-ca"
  })
  @DisplayName("an address with its defaults; what goes to another machine is protected")
  void addresses(String text, String host, int port, String database, String mode) {
    PostgresAddress address = address(text);
    assertThat(address.host()).isEqualTo(host);
    assertThat(address.port()).isEqualTo(port);
    assertThat(address.database()).isEqualTo(database);
    assertThat(address.user()).isEqualTo("cotidal");
    assertThat(address.tls().mode().word()).isEqualTo(mode);
    assertThat(address.schema()).isEqualTo(text.contains("schema") ? "two" : "cotidal");
  }

  @Test
  @DisplayName("an authority's file is relative to the configuration")
  void authority() {
    assertThat(address("postgresql://u@db/d?sslrootcert=ca.pem").tls().authority())
        .isEqualTo(Optional.of(HERE.resolve("ca.pem")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgresql://u:hunter2@db/d",
        "postgresql://u@db:hunter2/d",
        "postgresql://db/d?password=hunter2",
        "postgresql://u@db/d?password=hunter2",
        "postgresql://u@db/d?schema=hunter2;drop",
        "postgresql://u@db/d?sslmode=hunter2",
        "postgresql://u@db/d?schema=a&schema=b",
        "postgresql://u@db",
        "postgresql://u@db/",
        "postgresql://u@/d",
        "postgresql://u@0.0.0.0/d",
        "postgresql://u@db:0/d",
        "postgresql://u@db:70000/d",
        "postgresql://u@a,b/d",
        "postgresql:hunter2",
        "postgresql://u@db/d?",
        "postgresql://u@db/d/e"
      })
  @DisplayName(
      "postgres/S26: what is no address is refused, and nothing of it is shown: there may be a password in it")
  void refused(String text) {
    Form.Read<StorePlace> read = new StoreForm(HERE, HERE).read(text);
    if (read instanceof Form.Read.Unfit<StorePlace> unfit) {
      assertThat(unfit.reason() + unfit.remedy()).doesNotContain(CANARY).isNotBlank();
    } else {
      assertThat(text).isEqualTo("postgresql://u@db/d?");
    }
  }

  private static Loaded parse(String text, Map<String, String> environment) {
    return new ConfigurationParser(List.of(new ClustersSection()), Map.of(), environment, HERE)
        .parse("c.yaml", text, HERE, reference -> Form.fit(new Secret(reference)));
  }

  private static StorePlace.Server store(String text, Map<String, String> environment) {
    Loaded loaded = parse(text, environment);
    assertThat(loaded).isInstanceOf(Loaded.Valid.class);
    return (StorePlace.Server) ((Loaded.Valid) loaded).configuration().store();
  }

  @Test
  @DisplayName("the password is a secret of the file, or of a variable that goes before it")
  void password() {
    String text =
        """
        store: postgresql://u@db/d
        store-password: {secret: "env:IN_FILE"}
        state-folder: /srv/state
        lease: 5s
        accept-commands: false
        """;
    assertThat(store(text, Map.of()).password().map(Secret::reveal)).contains("env:IN_FILE");
    assertThat(store(text, Map.of("COT_STORE_PASSWORD", "env:OUT")).password().map(Secret::reveal))
        .contains("env:OUT");
    assertThat(store("store: postgresql://u@db/d\n", Map.of()).password()).isEmpty();
    assertThat(store(text, Map.of()).key()).isEqualTo(Path.of("/srv/state/store.key"));
    assertThat(store(text, Map.of()).token()).isEqualTo(Path.of("/srv/state/admin.token"));
    Configuration configuration = ((Loaded.Valid) parse(text, Map.of())).configuration();
    assertThat(configuration.company().lease().toSeconds()).isEqualTo(5);
    assertThat(configuration.company().acceptCommands()).isFalse();
    assertThat(configuration.explain())
        .contains("store = postgresql://u@db/d")
        .doesNotContain("OUT");
  }

  @Test
  @DisplayName("postgres/S26: a password in the place of a reference is refused and not shown")
  void value() {
    Loaded loaded = parse("store: postgresql://u@db/d\nstore-password: hunter2\n", Map.of());
    assertThat(loaded).isInstanceOf(Loaded.Invalid.class);
    assertThat(loaded.toString()).contains("store-password").doesNotContain(CANARY);
  }
}
