package io.cotidal.copies.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.model.Secret;
import io.cotidal.pgclient.Conninfo;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.DisplayName;
import org.mariadb.jdbc.Configuration;

/** Each string is read back by the rules, or the code, of those who read it. */
@DisplayName("Connection strings")
final class ConnectionStringsTest {
  private static final Path CERTIFICATE = Path.of("/run/c 1/server.crt");

  private static Map<String, String> postgres(String password) {
    return new Postgres()
        .connectionStrings("::1", 5433, new User("u", new Secret(password), "d"), CERTIFICATE);
  }

  private static Map<String, String> mariadb(String password) {
    return new MariaDb()
        .connectionStrings(
            "127.0.0.1", 3307, new User("u", new Secret(password), "d"), CERTIFICATE);
  }

  @Property(tries = 300)
  void urls(
      @ForAll @NotEmpty @StringLength(max = 40) @CharRange(from = ' ', to = '\u017F')
          String password) {
    for (Map<String, String> strings : java.util.List.of(postgres(password), mariadb(password))) {
      String url = strings.get("url");
      assertThat(URI.create(url).getUserInfo()).isEqualTo("u:" + password);
      assertThat(URI.create(url).getPath()).isEqualTo("/d");
      assertThat(URI.create(strings.get("sqlalchemy")).getRawUserInfo())
          .isEqualTo(URI.create(url).getRawUserInfo());
    }
  }

  @Property(tries = 300)
  void libpq(
      @ForAll @NotEmpty @StringLength(max = 40) @CharRange(from = ' ', to = '~') String password) {
    Map<String, String> strings = postgres(password);
    assertThat(Conninfo.parse(strings.get("dsn"))).containsEntry("password", password);
    Properties read = org.postgresql.Driver.parseURL(strings.get("jdbc"), new Properties());
    assertThat(read).isNotNull();
    assertThat(read.getProperty("password")).isEqualTo(password);
  }

  @Property(tries = 300)
  void mariadbDriver(
      @ForAll @NotEmpty @StringLength(max = 40) @CharRange(from = ' ', to = '~') String password)
      throws Exception {
    Configuration read = Configuration.parse(mariadb(password).get("jdbc"));
    assertThat(read.password()).isEqualTo(password.indexOf('&') < 0 ? password : null);
    assertThat(read.serverSslCert()).isEqualTo(CERTIFICATE.toString());
  }

  @Property(tries = 20)
  void shells(
      @ForAll @NotEmpty @StringLength(max = 40) @CharRange(from = ' ', to = '~') String password)
      throws Exception {
    for (Map<String, String> strings : java.util.List.of(postgres(password), mariadb(password))) {
      assertThat(shell(strings.get("env") + "\nprintf %s \"$DB_PASSWORD\"")).isEqualTo(password);
      String cli = strings.get("cli");
      assertThat(shell(cli.replaceFirst(" (psql|mariadb) ", " printenv MYSQL_PWD PGPASSWORD #")))
          .isEqualTo(password + "\n");
    }
  }

  @Example
  void go() {
    Map<String, String> strings = mariadb("p");
    assertThat(strings.get("go")).isEqualTo("u:p@tcp(127.0.0.1:3307)/d?tls=cotidal");
    assertThat(strings.get("go-tls"))
        .contains("os.ReadFile(\"" + CERTIFICATE + "\")")
        .contains("mysql.RegisterTLSConfig(\"cotidal\", &tls.Config{RootCAs: pool})")
        .doesNotContain("\n", "skip-verify");
  }

  private static String shell(String script) throws Exception {
    Process process = new ProcessBuilder("/bin/sh").start();
    try (var in = process.getOutputStream()) {
      in.write(script.getBytes(StandardCharsets.UTF_8));
    }
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}
