package io.cotidal.gateway.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.objects.names.ContainerName;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
@DisplayName("where a request goes")
final class TargetTest {
  @ParameterizedTest(name = "{0} is the container {1} of {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "/v1/AUTH_a/box|box|AUTH_a",
        "/v1/AUTH_a/box/|box|AUTH_a",
        "/v1.0/AUTH_a/box|box|AUTH_a",
        "/v1/AUTH_a/box?format=json|box|AUTH_a",
        "/v1/AUTH_a/box?x=/y/z|box|AUTH_a",
        "/v1/AUTH_a/%62ox|box|AUTH_a",
        "/v%31/AUTH_a/box|box|AUTH_a",
        "/v1/AUTH%5Fa/box|box|AUTH_a",
        "/v1%2FAUTH_a%2Fbox|box|AUTH_a",
        "/v1/AUTH_a/..|..|AUTH_a",
        "/v1/AUTH_a/.|.|AUTH_a",
        "/v1/AUTH_a/a;p=1|a;p=1|AUTH_a",
        "/v1/AUTH_a/a%3Fb|a?b|AUTH_a",
        "/v1/AUTH_a/a#b|a#b|AUTH_a",
        "/v1/AUTH_a/a%25b|a%b|AUTH_a",
        "/v1/AUTH_a/a%2525b|a%25b|AUTH_a",
        "/v1/AUTH_a/a%zzb|a%zzb|AUTH_a",
        "/v1/AUTH_a/a%|a%|AUTH_a",
        "/v1/AUTH_a/a%4|a%4|AUTH_a",
        "/v1/AUTH_a/a+b|a+b|AUTH_a",
        "/v1/AUTH_a/a%20b|a b|AUTH_a",
        "/v1/AUTH_a/%C3%A4|ä|AUTH_a",
        "/v1/AUTH_a/%c3%a4|ä|AUTH_a",
        "/v1/AUTH_a/%F0%9F%90%A2|🐢|AUTH_a",
        "http://host/v1/AUTH_a/box|box|AUTH_a",
        "HTTP://host:8080/v1/AUTH_a/box?x|box|AUTH_a",
      })
  void containers(String raw, String container, String account) {
    assertThat(Target.of(raw))
        .isEqualTo(new Target.Container(new ContainerName(account, container)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/AUTH_a/box/o",
        "/v1/AUTH_a/box/o/",
        "/v1/AUTH_a/box//",
        "/v1/AUTH_a/box/../box2",
        "/v1/AUTH_a/box/..",
        "/v1/AUTH_a/box%2Fo",
        "/v1/AUTH_a/box%2fo%2fp",
        "/v1/AUTH_a/box//dbl//x",
        "/v1/AUTH_a/box/;p=1",
        "/v1/AUTH_a/box/%25",
        "/v1/AUTH_a/box/a%2Fb?multipart-manifest=delete",
      })
  @DisplayName("the rest of a path is the name of an object, whatever is in it")
  void objects(String raw) {
    assertThat(Target.of(raw))
        .isInstanceOfSatisfying(
            Target.Thing.class,
            thing -> assertThat(thing.container()).isEqualTo(new ContainerName("AUTH_a", "box")));
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/AUTH_a/box/o,o",
    "/v1/AUTH_a/box//dbl//x,/dbl//x",
    "/v1/AUTH_a/box/../o,../o",
    "/v1/AUTH_a/box%2Fo%2fp?a=b,o/p",
    "/v1/AUTH_a/box/%25%C3%BC+,%ü+",
  })
  @DisplayName("the name of an object is decoded once")
  void names(String raw, String name) {
    ContainerName box = new ContainerName("AUTH_a", "box");
    assertThat(Target.of(raw)).isEqualTo(new Target.Thing(box, name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/AUTH_a", "/v1/AUTH_a/", "/v1/AUTH_a//", "/v1/AUTH_a?bulk-delete"})
  void accounts(String raw) {
    assertThat(Target.of(raw)).isEqualTo(new Target.Account("AUTH_a"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*",
        "/",
        "//",
        "/v1",
        "/v1/",
        "/v1//",
        "/v1//box",
        "/v1/AUTH_a//o",
        "//v1/AUTH_a/box",
        "/v2/AUTH_a/box",
        "/V1/AUTH_a/box",
        "/v1.1/AUTH_a/box",
        "v1/AUTH_a/box",
        "host:80",
        "://host/v1/AUTH_a/box",
        "http://host",
        "http:/v1/AUTH_a/box",
        "/info",
        "/healthcheck",
        "/auth/v1.0",
        "/bucket/key",
        "/./v1/AUTH_a/box",
        "/x/../v1/AUTH_a/box",
        "/v1/AUTH_a/%00",
        "/v1/AUTH_a/a%00b",
        "/v1/AUTH_a/%ff",
        "/v1/AUTH_a/%C3",
        "/v1/AUTH_a/%ED%A0%80",
        "/v1/%FF/box",
        "?/v1/AUTH_a/box",
      })
  @DisplayName("what Swift takes for something else, or refuses, is something else")
  void others(String raw) {
    assertThat(Target.of(raw)).isEqualTo(new Target.Other());
  }

  @Test
  @DisplayName("a name is as long as its bytes")
  void longest() {
    assertThat(Target.of("/v1/AUTH_a/" + "x".repeat(256))).isInstanceOf(Target.Container.class);
    assertThat(Target.of("/v1/AUTH_a/" + "x".repeat(257))).isInstanceOf(Target.Other.class);
    assertThat(Target.of("/v1/AUTH_a/" + "%C3%A4".repeat(128)))
        .isInstanceOf(Target.Container.class);
    assertThat(Target.of("/v1/AUTH_a/" + "%C3%A4".repeat(129))).isInstanceOf(Target.Other.class);
  }

  @Test
  @DisplayName("bytes that were not escaped are the same name as those that were")
  void plainBytes() {
    assertThat(Target.of("/v1/AUTH_a/a%0Ab"))
        .isEqualTo(new Target.Container(new ContainerName("AUTH_a", "a\nb")));
    String bytes = new String("ä🐢".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    assertThat(Target.of("/v1/AUTH_a/" + bytes))
        .isEqualTo(new Target.Container(new ContainerName("AUTH_a", "ä🐢")));
  }

  @Test
  @Timeout(value = 20, unit = TimeUnit.SECONDS)
  @DisplayName("nothing that comes makes it fail, and every name comes back from its own path")
  void anything() {
    long seed = System.nanoTime();
    Random chance = new Random(seed);
    String letters = "/%?#;:.+ab01Fv\0\u00e4\u00ff\u00c3 *@\\\"";
    for (int i = 0; i < 50_000; i++) {
      StringBuilder raw = new StringBuilder(chance.nextBoolean() ? "/v1/" : "");
      int length = chance.nextInt(24);
      for (int j = 0; j < length; j++) {
        raw.append(letters.charAt(chance.nextInt(letters.length())));
      }
      if (Target.of(raw.toString()) instanceof Target.Container container) {
        assertThat(Target.of("/v1" + container.name().path()))
            .as("seed %d, %s", seed, raw)
            .isEqualTo(container);
      }
    }
  }
}
