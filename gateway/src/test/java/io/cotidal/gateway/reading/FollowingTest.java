package io.cotidal.gateway.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.gateway.door.Field;
import io.cotidal.gateway.door.Head;
import io.cotidal.model.MemberId;
import io.cotidal.objects.names.ContainerName;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
@DisplayName("What links and manifests of another site lead to")
class FollowingTest {
  private static final MemberId EAST = new MemberId("east");
  private static final MemberId WEST = new MemberId("west");
  private static final ContainerName C = new ContainerName("AUTH_test", "c");

  private final PaperStock stock = new PaperStock(WEST);
  private final Following following = new Following(stock, EAST, Set.of("AUTH_test"));

  @BeforeEach
  void secret() {
    stock.put("d/p", "plain");
  }

  private Followed follow(String object, Field... fields) throws Exception {
    Head head = new Head("GET", "/v1/AUTH_test/c/" + object, List.of(fields));
    return following.follow(WEST, Spot.of(C, object), head);
  }

  private void unsure(String object, String reason) {
    assertThatThrownBy(() -> follow(object))
        .isInstanceOf(Unsure.class)
        .hasMessageContaining(reason);
  }

  private static Spot at(String container, String object) {
    return Spot.of(new ContainerName("AUTH_test", container), object);
  }

  private static String text(Followed followed) {
    StringBuilder text = new StringBuilder();
    for (Piece each : ((Followed.Whole) followed).pieces()) {
      text.append(each.spot().container().container()).append('/').append(each.spot().object());
      text.append(each.all() ? " " : "[%d+%d] ".formatted(each.from(), each.bytes()));
    }
    return text.toString().strip();
  }

  @Test
  @DisplayName("a link leads where the own site lets the client in, who asks as it has come")
  void link() throws Exception {
    stock.put("c/o", "", "X-Symlink-Target", "d/p");
    stock.says("d/p", 404);
    Field token = new Field("X-Auth-Token", "theirs");
    Field referer = new Field("Referer", "http://a");
    Followed found = follow("o", token, new Field("Range", "bytes=0-1"), referer);
    assertThat(found).isEqualTo(new Followed.Plain(at("d", "p")));
    assertThat(stock.heard)
        .containsExactly(new Head("HEAD", "/AUTH_test/d/p", List.of(token, referer)));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 204, 301, 401, 403, 409, 500, 503})
  @DisplayName("what the own site does not let the client see is not given, whatever names it")
  void denied(int status) throws Exception {
    if (status > 0) {
      stock.says("d/p", status);
    }
    stock.put("c/link", "", "X-Symlink-Target", "d/p");
    stock.put("c/listed", "", "X-Object-Manifest", "d/p");
    stock.manifest("c/made", stock.entry("d/p", ""));
    stock.manifest("c/nested", stock.entry("c/made", ""));
    for (String name : List.of("link", "listed", "made", "nested")) {
      unsure(name, "its own site says " + status);
    }
  }

  @Test
  @DisplayName("who may see objects, but not the list of them, is given no dynamic large object")
  void unlisted() throws Exception {
    stock.put("c/o", "", "X-Object-Manifest", "d/p");
    stock.says("d/p", 404);
    stock.says("d", 403);
    unsure("o", "its own site says 403");
    stock.says("d", 404);
    assertThat(text(follow("o"))).isEqualTo("d/p");
  }

  @Test
  @DisplayName("no more links follow each other than Swift follows, none in a circle")
  void links() throws Exception {
    stock.put("c/1", "", "X-Symlink-Target", "c/2");
    stock.put("c/2", "", "X-Symlink-Target", "c/3");
    stock.put("c/3", "three");
    assertThat(follow("1")).isEqualTo(new Followed.Plain(at("c", "3")));
    stock.put("c/0", "", "X-Symlink-Target", "c/1");
    unsure("0", "links to links");
    stock.put("c/3", "", "X-Symlink-Target", "c/1");
    unsure("1", "links to links");
  }

  @Test
  @DisplayName("no link leads into an account that is not the same everywhere, or out of all names")
  void accounts() {
    stock.says("d/p", 200);
    stock.put("c/o", "", "X-Symlink-Target", "d/p", "X-Symlink-Target-Account", "AUTH_other");
    unsure("o", "not the same everywhere");
    for (String bad : List.of("d", "d/", "/d/p", "%00/p", "d%FF/p", "a%2Fb", "d/p?x=1", "")) {
      stock.put("c/o", "", "X-Symlink-Target", bad);
      assertThatThrownBy(() -> follow("o")).as(bad).isInstanceOf(Unsure.class);
    }
  }

  @Test
  @DisplayName("a link that names what it leads to does not lead to anything else")
  void fixed() throws Exception {
    stock.put("c/p", "plain");
    stock.put("c/o", "", "X-Symlink-Target", "c/p", "X-Symlink-Target-Etag", etag("plain"));
    assertThat(follow("o")).isEqualTo(new Followed.Plain(at("c", "p")));
    stock.put("c/p", "other");
    unsure("o", "not what it was");
  }

  private static String etag(String text) {
    return Sums.md5(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  @Test
  @DisplayName("in a container that keeps versions, an object is the version that it links to")
  void version() throws Exception {
    stock.put("c/o", "", "X-Symlink-Target", "c/o?version-id=1.2");
    stock.put("c/o@1.2", "second");
    Followed.Plain found = (Followed.Plain) follow("o");
    assertThat(found.spot().target())
        .isEqualTo("/v1/AUTH_test/c/o?multipart-manifest=get&symlink=get&version-id=1.2");
    assertThat(stock.heard).isEmpty();
    stock.put("c/o", "", "X-Symlink-Target", "d/p?version-id=1.2");
    unsure("o", "no object");
  }

  @Test
  @DisplayName("a static large object is its segments, with their ranges, and those of its parts")
  void made() throws Exception {
    String one = stock.segment("c/1", "one ");
    stock.segment("c/2", "two ");
    stock.manifest("c/inner", one, stock.entry("c/2", ", \"range\": \"1-2\""));
    stock.manifest(
        "c/outer", stock.entry("c/inner", ""), one, stock.entry("c/inner", ", \"range\": \"3-4\""));
    Followed.Whole whole = (Followed.Whole) follow("outer");
    assertThat(text(whole)).isEqualTo("c/1 c/2[1+2] c/1 c/1[3+1] c/2[1+1]");
    assertThat(Piece.sum(whole.pieces())).isEqualTo(12);
    assertThat(whole.fields()).contains(new Field("Etag", '"' + whole.etag() + '"'));
    assertThat(stock.heard).isEmpty();
  }

  @Test
  @DisplayName("what is written anew meanwhile is given neither in its old nor in its new form")
  void changed() throws Exception {
    String one = stock.segment("c/1", "one ");
    stock.manifest("c/inner", one);
    stock.manifest("c/outer", stock.entry("c/inner", ""));
    stock.manifest("c/inner", stock.segment("c/2", "two "));
    unsure("outer", "not what it was");
    stock.put("c/inner", "plain");
    unsure("outer", "no large object any more");
  }

  @Test
  @DisplayName("manifests that are endless, too deep, or hold what nobody knows lead nowhere")
  void odd() throws Exception {
    String below = stock.segment("c/0", "x");
    for (int i = 1; i <= 11; i++) {
      stock.manifest("c/" + i, below);
      below = stock.entry("c/" + i, "");
    }
    assertThat(text(follow("10"))).isEqualTo("c/0");
    unsure("11", "more than 10 deep");
    String twice = stock.segment("c/w0", "x");
    for (int i = 1; i <= 8; i++) {
      stock.manifest("c/w" + i, twice, twice);
      twice = stock.entry("c/w" + i, "");
    }
    unsure("w8", "more than 100 large objects");
    for (String bad :
        List.of(
            "{}",
            "[{\"data\": \"eA==\"}]",
            "[{\"name\": \"c/1\", \"hash\": \"" + etag("x") + "\", \"bytes\": 1}]",
            "[{\"name\": \"/c/1\", \"hash\": \"x\", \"bytes\": 1}]",
            "[{\"name\": \"/c/1\", \"hash\": \""
                + etag("x")
                + "\", \"bytes\": 1, \"range\": \"0-9\"}]",
            "[1]",
            "[")) {
      stock.put("c/bad", bad, "X-Static-Large-Object", "True", "Slo-Etag", "x", "Slo-Size", "1");
      assertThatThrownBy(() -> follow("bad")).as(bad).isInstanceOf(Unsure.class);
    }
  }

  @Test
  @DisplayName("a manifest names only so many containers, as each costs a question")
  void containers() throws Exception {
    String[] entries = new String[9];
    for (int i = 0; i < entries.length; i++) {
      entries[i] = stock.segment("box" + i + "/s", "x");
      stock.says("box" + i + "/s", 404);
    }
    stock.manifest("c/o", entries);
    unsure("o", "more than 8 containers");
  }

  @Test
  @DisplayName("a dynamic large object is what is listed, without what is empty")
  void listed() throws Exception {
    stock.put("c/s/1", "one ");
    stock.put("c/s/2", "");
    stock.put("c/s/3", "three");
    stock.put("c/t", "no part of it");
    stock.put("c/o", "", "X-Object-Manifest", "c/s%2F");
    stock.says("c", 204);
    Followed.Whole whole = (Followed.Whole) follow("o");
    assertThat(text(whole)).isEqualTo("c/s/1 c/s/3");
    assertThat(whole.etag()).isEqualTo(etag(etag("one ") + etag("") + etag("three")));
  }
}
