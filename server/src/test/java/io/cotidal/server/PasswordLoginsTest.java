package io.cotidal.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.model.Permission;
import io.cotidal.server.access.SignIn;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** People who come by a name and a password, at the API. */
@Timeout(60)
final class PasswordLoginsTest {
  private static final String RESOURCES = "/api/v1/resources";

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private volatile boolean away;
  private volatile boolean known = true;
  private Fixture fixture;

  @BeforeEach
  void start() throws IOException {
    SignIn people =
        (user, password) -> {
          asked.add(user);
          if (away) {
            throw new SignIn.Unavailable("the directory is away");
          }
          return known && user.equals("eve") && password.reveal().equals("apple")
              ? Optional.of(new SignIn.Grant(Permission.VIEWER, "postgres/*"))
              : Optional.empty();
        };
    fixture = new Fixture(ServerOptions.of("test").with(people));
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  private static String basic(String pair) {
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  private Http as(String pair) {
    return fixture.nobody().with("Authorization", basic(pair));
  }

  private Http.Response get(String pair) throws IOException {
    return as(pair).get(RESOURCES);
  }

  @Test
  @DisplayName("A name and a password let in with the role and the scope that they have")
  void letsIn() throws IOException {
    assertThat(get("eve:apple").status()).isEqualTo(200);
    assertThat(as("eve:apple").get("/api/v1/resources/copies/shop").status()).isEqualTo(403);
    assertThat(as("eve:apple").get("/api/v1/tokens").status()).isEqualTo(403);
  }

  @Test
  @DisplayName("However it failed, the caller is told the same")
  void sameAnswer() throws IOException {
    Http.Response wrong = get("eve:pear");
    Http.Response nobody = get("adam:apple");
    away = true;
    Http.Response unavailable = get("eve:apple");
    for (Http.Response each : List.of(wrong, nobody, unavailable)) {
      assertThat(each.status()).isEqualTo(401);
      assertThat(each.body()).isEqualTo(wrong.body());
      assertThat(each.header("WWW-Authenticate")).isEqualTo("Bearer");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "eve:",
        ":apple",
        "eve",
        "*:apple",
        "eve)(uid=*:apple",
        "eve,ou=people:apple",
        "eve\u0000:apple",
        "eve:app\u0000le",
        "e v e:apple",
        "-eve:apple",
        "\u00e9ve:apple"
      })
  @DisplayName("An empty password and a name that is none ask nobody")
  void hostile(String pair) throws IOException {
    assertThat(get(pair).status()).isEqualTo(401);
    assertThat(asked).isEmpty();
  }

  @Test
  @DisplayName("A yes is remembered for seconds, a no and a changed password are not")
  void remembered() throws IOException {
    get("eve:apple");
    get("eve:apple");
    assertThat(asked).hasSize(1);
    known = false;
    assertThat(get("eve:apple").status()).as("within seconds").isEqualTo(200);
    fixture.pass(Duration.ofSeconds(10));
    assertThat(get("eve:apple").status()).isEqualTo(401);
    assertThat(get("eve:apple").status()).isEqualTo(401);
    assertThat(asked).hasSize(3);
  }

  @Test
  @DisplayName("Who guesses asks nobody any more for a minute, even with the right password")
  void guesses() throws IOException {
    for (int i = 0; i < 15; i++) {
      assertThat(get("eve:guess" + i).status()).isEqualTo(401);
    }
    assertThat(asked).hasSize(10);
    assertThat(get("eve:apple").status()).isEqualTo(401);
    fixture.pass(Duration.ofMinutes(1));
    assertThat(get("eve:apple").status()).isEqualTo(200);
  }

  @Test
  @DisplayName("A token goes as the password too, and a token that is none asks nobody")
  void tokens() throws IOException {
    String secret = fixture.token(Permission.VIEWER, "*");
    assertThat(get("anything:" + secret).status()).isEqualTo(200);
    String other = secret.substring(0, secret.length() - 3) + "AAA";
    assertThat(get("eve:" + other).status()).isEqualTo(401);
    assertThat(asked).isEmpty();
  }

  @Test
  @DisplayName("Where nobody has a password, none lets in")
  void nobody() throws IOException {
    try (Fixture plain = new Fixture()) {
      Http.Response answer =
          plain.nobody().with("Authorization", basic("eve:apple")).get(RESOURCES);
      assertThat(answer.status()).isEqualTo(401);
    }
  }
}
