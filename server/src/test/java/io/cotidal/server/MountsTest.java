package io.cotidal.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.model.Permission;
import io.cotidal.model.Secret;
import io.cotidal.server.compat.Anonymous;
import io.cotidal.server.compat.Authenticator;
import io.cotidal.server.compat.CompatAnswer;
import io.cotidal.server.compat.CompatRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
@DisplayName("A protocol of an original on the API's own listener")
final class MountsTest {
  private final List<CompatRequest> seen = new ArrayList<>();
  private Fixture fixture;

  @BeforeEach
  void start() throws IOException {
    fixture = new Fixture(ServerOptions.of("1").withLimits(16, 1, 3));
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  private CompatAnswer answer(CompatRequest request) {
    seen.add(request);
    return new CompatAnswer(200, "text/plain", request.caller().actor().name(), Map.of());
  }

  private CompatListener.Protocol protocol(Optional<Anonymous> anonymous) {
    return new CompatListener.Protocol(
        "old",
        this::answer,
        new Authenticator(
            fixture.server.credentials(),
            anonymous,
            List.of(
                new Authenticator.Shared(
                    "old-read", new Secret("old read"), Permission.VIEWER, "postgres/*"))),
        sentence -> {});
  }

  private void mount() {
    fixture.server.mount("old", protocol(Optional.empty()));
  }

  private Http basic(String password) {
    byte[] pair = ("x:" + password).getBytes(StandardCharsets.UTF_8);
    return fixture
        .nobody()
        .with("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair));
  }

  @Test
  @DisplayName("nothing is there until it is asked for; then callers come as on its own listener")
  void mounted() throws IOException {
    Http known = basic("old read");
    assertThat(known.get("/old/a/b").status()).isEqualTo(404);
    mount();
    assertThat(known.get("/old/a/b?c=d").body()).isEqualTo("old-read");
    assertThat(seen.getLast().path()).isEqualTo("/old/a/b");
    assertThat(seen.getLast().query()).isEqualTo("c=d");
    assertThat(known.send("POST", "/old/a/b", "e=f").status()).isEqualTo(200);
    assertThat(seen.getLast().body()).isEqualTo("e=f");
    assertThat(fixture.named("ann", Permission.VIEWER).get("/old/a").body()).isEqualTo("ann");

    Http.Response nobody = fixture.nobody().get("/old/a/b");
    assertThat(nobody.status()).isEqualTo(401);
    assertThat(nobody.header("WWW-Authenticate")).startsWith("Basic realm=");
    assertThat(seen).hasSize(3);
  }

  @Test
  @DisplayName("what the protocol's callers have opens nothing of the API")
  void apart() throws IOException {
    mount();
    Http known = basic("old read");
    assertThat(known.get("/api/v1/resources").status()).isEqualTo(401);
    assertThat(known.get("/old/../api/v1/resources").body())
        .as("it is the protocol's to make something of that")
        .isEqualTo("old-read");
    assertThat(known.get("/old").status()).isEqualTo(404);
    assertThat(known.get("/oldest/a").status()).isEqualTo(404);
    assertThat(seen).allMatch(it -> it.path().startsWith("/old/"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/%6fld/a", "//old/a", "/./old/a", "/Old/a", "/x/../old/a", "/old%2Fa"})
  @DisplayName("a path that is written otherwise does not reach it")
  void otherwise(String path) throws IOException {
    mount();
    assertThat(basic("old read").get(path).status()).isIn(400, 404);
    assertThat(seen).isEmpty();
  }

  @Test
  @DisplayName("a page from elsewhere cannot call it")
  void foreign() throws IOException {
    mount();
    Http known = basic("old read");
    assertThat(known.with("Origin", "https://evil.example").get("/old/a").status()).isEqualTo(403);
    assertThat(known.with("Sec-Fetch-Site", "cross-site").get("/old/a").status()).isEqualTo(403);
    assertThat(known.with("Host", "evil.example").get("/old/a").status()).isEqualTo(403);
    assertThat(seen).isEmpty();
  }

  @Test
  @DisplayName("refusals here and at the API count together")
  void counted() throws IOException {
    mount();
    Http wrong = basic("old guess");
    assertThat(wrong.get("/old/a").status()).isEqualTo(401);
    assertThat(wrong.get("/old/a").status()).isEqualTo(401);
    assertThat(fixture.nobody().get("/api/v1/resources").status()).isEqualTo(401);
    assertThat(wrong.get("/old/a").status()).isEqualTo(429);
    assertThat(fixture.nobody().get("/api/v1/resources").status()).isEqualTo(429);
    assertThat(basic("old read").get("/old/a").status()).isEqualTo(200);
  }

  @Test
  @DisplayName("who stops says so there as well")
  void stopping() throws IOException {
    mount();
    fixture.server.shut();
    assertThat(basic("old read").get("/old/a").status()).isEqualTo(503);
    assertThat(seen).isEmpty();
  }

  @Test
  @DisplayName("nobody in particular is let in, and no place of the API's is taken")
  void refused() {
    assertThatThrownBy(() ->
            fixture.server.mount(
                "old", protocol(Optional.of(new Anonymous(Permission.VIEWER, "*")))))
        .hasMessageContaining("a listener of its own");
    mount();
    for (String taken : List.of("old", "api", "", "a/b", "../x")) {
      assertThatThrownBy(() -> fixture.server.mount(taken, protocol(Optional.empty())))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
