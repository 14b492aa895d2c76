package io.cotidal.gateway.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.gateway.door.Field;
import io.cotidal.gateway.door.Head;
import io.cotidal.gateway.request.Wish.Verb;
import io.cotidal.objects.names.ContainerName;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
@DisplayName("what a request is for")
final class WishTest {
  private static Wish of(String method, String target, Field... fields) {
    return Wish.of(new Head(method, target, List.of(fields)));
  }

  @ParameterizedTest
  @EnumSource(Verb.class)
  @DisplayName("PUT, POST and DELETE of containers and accounts are changes")
  void changes(Verb verb) {
    assertThat(of(verb.name(), "/v1/AUTH_a/box?x=1"))
        .isEqualTo(new Wish.Change(Subject.of(new ContainerName("AUTH_a", "box")), verb));
    assertThat(of(verb.name(), "/v1/AUTH_a"))
        .isEqualTo(new Wish.Change(Subject.account("AUTH_a"), verb));
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD", "OPTIONS", "COPY", "put", "Delete", "PATCH", "REPORT", ""})
  @DisplayName("nothing else is")
  void reads(String method) {
    assertThat(of(method, "/v1/AUTH_a/box")).isEqualTo(new Wish.Plain());
    assertThat(of(method, "/v1/AUTH_a")).isEqualTo(new Wish.Plain());
  }

  @ParameterizedTest
  @ValueSource(strings = {"PUT", "POST", "DELETE", "COPY", "GET"})
  @DisplayName("requests about objects are none, however they are named")
  void objects(String method) {
    assertThat(of(method, "/v1/AUTH_a/box/o")).isEqualTo(new Wish.Plain());
    assertThat(of(method, "/v1/AUTH_a/box%2Fo")).isEqualTo(new Wish.Plain());
    assertThat(of(method, "/v1/AUTH_a/box/o?multipart-manifest=put")).isEqualTo(new Wish.Plain());
    assertThat(of(method, "/bucket")).isEqualTo(new Wish.Plain());
  }

  @Test
  @DisplayName("bulk uploads, bulk deletions and forms only go through")
  void bulk() {
    assertThat(of("PUT", "/v1/AUTH_a?extract-archive=tar")).isEqualTo(new Wish.Plain());
    assertThat(of("PUT", "/v1/AUTH_a/box?x&extract-archive=tar.gz")).isEqualTo(new Wish.Plain());
    assertThat(of("POST", "/v1/AUTH_a?bulk-delete")).isEqualTo(new Wish.Plain());
    assertThat(of("POST", "/v1/AUTH_a?bulk-delete=")).isEqualTo(new Wish.Plain());
    assertThat(of("DELETE", "/v1/AUTH_a?bulk-delete=1&x")).isEqualTo(new Wish.Plain());
    Field form = new Field("content-type", " Multipart/Form-Data; boundary=x");
    assertThat(of("POST", "/v1/AUTH_a/box", form)).isEqualTo(new Wish.Plain());
  }

  @Test
  @DisplayName("words that only look like it are no way past us")
  void looksLikeBulk() {
    assertThat(of("DELETE", "/v1/AUTH_a/box?bulk-deleted")).isInstanceOf(Wish.Change.class);
    assertThat(of("DELETE", "/v1/AUTH_a/box?xbulk-delete")).isInstanceOf(Wish.Change.class);
    assertThat(of("PUT", "/v1/AUTH_a/box?bulk-delete")).isInstanceOf(Wish.Change.class);
    assertThat(of("DELETE", "/v1/AUTH_a/box?extract-archive=tar")).isInstanceOf(Wish.Change.class);
    Field form = new Field("Content-Type", "multipart/form-data");
    assertThat(of("PUT", "/v1/AUTH_a/box", form)).isInstanceOf(Wish.Change.class);
    Field signed = new Field("X-Container-Sync-Auth", "lab nonce signature");
    assertThat(of("POST", "/v1/AUTH_a/box", signed)).isInstanceOf(Wish.Change.class);
    Field peer = new Field("X-Orig-Cluster", "http://east");
    assertThat(of("PUT", "/v1/AUTH_a/box", peer)).isInstanceOf(Wish.Change.class);
  }
}
