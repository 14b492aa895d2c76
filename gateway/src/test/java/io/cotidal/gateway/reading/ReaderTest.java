package io.cotidal.gateway.reading;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.gateway.door.Answer;
import io.cotidal.gateway.door.Elsewhere;
import io.cotidal.gateway.door.Elsewhere.Next;
import io.cotidal.gateway.door.Field;
import io.cotidal.gateway.door.Head;
import io.cotidal.gateway.door.Ruling;
import io.cotidal.model.MemberId;
import io.cotidal.model.Secret;
import io.cotidal.objects.placing.Placing;
import io.cotidal.objects.spec.Fallback;
import io.cotidal.objects.spec.Placement;
import io.cotidal.objects.spec.Promise;
import io.cotidal.objects.spec.Reads;
import io.cotidal.objects.swift.AccountPage;
import io.cotidal.remote.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
@DisplayName("Who is given what of other sites")
class ReaderTest {
  private static final MemberId EAST = new MemberId("east");
  private static final MemberId WEST = new MemberId("west");
  private static final MemberId NORTH = new MemberId("north");
  private static final Field TOKEN = new Field("X-Auth-Token", "theirs");
  private static final Answer MISSING = new Answer(404, List.of(new Field("X-Trans-Id", "tx1")));

  private static final Field RANGE = new Field("Range", "bytes=0-3");

  private final PaperStock stock = new PaperStock(WEST);
  private final List<String> asked = new CopyOnWriteArrayList<>();

  private final Service service =
      new Service() {
        @Override
        public Secret token(MemberId site, Optional<Secret> stale, Deadline deadline) {
          asked.add("token of " + site + stale.map(each -> " after " + each.reveal()).orElse(""));
          return new Secret("ours" + asked.size());
        }

        @Override
        public AccountPage page(MemberId site, String account, String query, Deadline deadline) {
          throw new IllegalStateException("no list is wanted");
        }
      };

  private Reader reader(Fallback usual, Placement placement) {
    List<Placing.Line> lines =
        placement.rules().stream().map(rule -> new Placing.Line(rule, Promise.LOCAL)).toList();
    Placing everywhere = Placing.everywhere(List.of(EAST, WEST, NORTH), Promise.LOCAL);
    Placing placing = new Placing(1, everywhere.sites(), lines, Promise.LOCAL);
    Reader.Rights rights =
        new Reader.Rights(
            Set.of("AUTH_test"), placement, new Reads(usual, true, List.of("swift.example")));
    return new Reader(
        Ruling.Pass::new, EAST, () -> placing, rights, new Reader.Sites(service, stock));
  }

  private Reader reader(Fallback usual) {
    return reader(usual, Placement.EVERYWHERE);
  }

  private static Optional<Elsewhere> elsewhere(Reader reader, String line, Field... fields) {
    String[] words = line.split(" ");
    return reader.judge(new Head(words[0], words[1], List.of(fields))) instanceof Ruling.Read read
        ? Optional.of(read.elsewhere())
        : Optional.empty();
  }

  private static Next next(Elsewhere elsewhere, Optional<Answer> last) throws Exception {
    return elsewhere.next(last).toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PUT /v1/AUTH_test/c/o",
        "POST /v1/AUTH_test/c/o",
        "GET /v1/AUTH_test/c",
        "GET /v1/AUTH_other/c/o",
        "HEAD /v1/AUTH_test",
        "GET /v1/AUTH_other",
        "GET /info",
        "GET /v1/AUTH_test/c/o?version-id=1",
        "GET /v1/AUTH_test/c/o?multipart-manifest=get",
        "GET /v1/AUTH_test/c/o?X-Amz-Signature=1",
        "GET /v1/AUTH_test/c/o?AWSAccessKeyId=1",
        "GET /v1/AUTH_test?temp_url_sig=1",
        "get /v1/AUTH_test/c/o"
      })
  @DisplayName("nobody with a token, but for plain objects and lists of accounts that are kept")
  void not(String line) {
    assertThat(elsewhere(reader(Fallback.BOTH), line, TOKEN)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "Authorization,AWS a:b",
    "authorization,AWS4-HMAC-SHA256 x",
    "X_Container_Sync_Auth,r n s",
    "X-Container-Sync-Auth,r n s",
    "X-Service-Token,t",
    "Via,1.1 Cotidal"
  })
  @DisplayName("nobody who is let in by something else, as our own requests are")
  void others(String name, String value) {
    Field field = new Field(name, value);
    for (String line : List.of("GET /v1/AUTH_test/c/o", "GET /v1/AUTH_test")) {
      assertThat(elsewhere(reader(Fallback.BOTH), line, TOKEN)).isPresent();
      assertThat(elsewhere(reader(Fallback.BOTH), line, TOKEN, field)).isEmpty();
      assertThat(elsewhere(reader(Fallback.BOTH), line, field)).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "swift.example,true",
    "SWIFT.example:8080,true",
    "127.0.0.1:8080,true",
    "[::1]:8080,true",
    "localhost,true",
    "c.AUTH_evil.swift.example,false",
    "evil.example,false",
    "1.2.3.4.evil.example,false"
  })
  @DisplayName("nobody by a name under which a path may mean something else")
  void hosts(String host, boolean given) {
    for (Field field : List.of(new Field("Host", host), new Field("host", host))) {
      for (String line : List.of("GET /v1/AUTH_test/c/o", "GET /v1/AUTH_test")) {
        assertThat(elsewhere(reader(Fallback.BOTH), line, TOKEN, field).isPresent())
            .isEqualTo(given);
      }
    }
  }

  @Test
  @DisplayName("nobody by default, and no list without a token")
  void never() {
    assertThat(elsewhere(reader(Fallback.NEVER), "GET /v1/AUTH_test/c/o", TOKEN)).isEmpty();
    assertThat(elsewhere(reader(Fallback.BOTH), "GET /v1/AUTH_test")).isEmpty();
  }

  @Test
  @DisplayName("as the rule of the container says, whose sites are asked before others")
  void rules() throws Exception {
    Placement.Rule rule =
        new Placement.Rule(
            Optional.empty(),
            Optional.of("far*"),
            Optional.empty(),
            Optional.empty(),
            List.of(EAST, NORTH),
            Optional.empty(),
            Optional.of(Fallback.MISSING));
    Reader reader = reader(Fallback.NEVER, new Placement(List.of(rule)));
    assertThat(elsewhere(reader, "GET /v1/AUTH_test/c/o", TOKEN)).isEmpty();
    for (String name : List.of("far", "far_segments")) {
      Elsewhere found = elsewhere(reader, "GET /v1/AUTH_test/" + name + "/o", TOKEN).orElseThrow();
      List<String> sites = new ArrayList<>();
      for (Next next = next(found, Optional.empty());
          next instanceof Next.Ask ask;
          next = next(found, Optional.of(MISSING))) {
        sites.add(ask.site());
      }
      assertThat(sites).containsExactly("north", "west");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "MISSING,404,true,true",
    "MISSING,503,false,false",
    "MISSING,0,false,false",
    "OUTAGE,404,false,false",
    "OUTAGE,503,true,false",
    "OUTAGE,0,true,false",
    "BOTH,200,false,false",
    "BOTH,401,false,false",
    "BOTH,403,false,false",
    "BOTH,500,false,false"
  })
  @DisplayName("nobody is given more than the own site's word allows")
  void allowed(Fallback fallback, int status, boolean nobody, boolean token) {
    Optional<Answer> own =
        status == 0 ? Optional.empty() : Optional.of(new Answer(status, MISSING.fields()));
    Reader reader = reader(fallback);
    String line = "GET /v1/AUTH_test/c/o";
    assertThat(elsewhere(reader, line).orElseThrow().wanted(own)).isEqualTo(nobody);
    assertThat(elsewhere(reader, line, TOKEN).orElseThrow().wanted(own)).isEqualTo(token);
    Optional<Answer> nameless = Optional.of(new Answer(404, List.of()));
    assertThat(elsewhere(reader, line, TOKEN).orElseThrow().wanted(nameless)).isFalse();
  }

  @Test
  @DisplayName("with our token nothing of the client goes along but what it asks of the bytes")
  void headers() throws Exception {
    Elsewhere found =
        elsewhere(
                reader(Fallback.BOTH),
                "GET /v1/AUTH_test/c/%2e%2e//o",
                TOKEN,
                new Field("Range", "bytes=0-3"),
                new Field("If-None-Match", "x"),
                new Field("Cookie", "secret"),
                new Field("X-Web-Mode", "true"),
                new Field("X-Storage-Token", "theirs too"),
                new Field("Host", "swift.example"))
            .orElseThrow();
    Next.Ask ask = (Next.Ask) next(found, Optional.empty());
    assertThat(ask.site()).isEqualTo("west");
    assertThat(ask.head().target())
        .isEqualTo("/v1/AUTH_test/c/%2e%2e//o?multipart-manifest=get&symlink=get");
    assertThat(ask.head().fields())
        .containsExactly(
            new Field("Range", "bytes=0-3"),
            new Field("If-None-Match", "x"),
            new Field("X-Auth-Token", "ours1"));
    // A token that is taken no more is renewed once.
    Answer refused = new Answer(401, List.of());
    ask = (Next.Ask) next(found, Optional.of(refused));
    assertThat(ask.site()).isEqualTo("west");
    assertThat(ask.head().fields()).contains(new Field("X-Auth-Token", "ours2"));
    ask = (Next.Ask) next(found, Optional.of(refused));
    assertThat(ask.site()).isEqualTo("north");
    assertThat(next(found, Optional.of(MISSING))).isInstanceOf(Next.Keep.class);
    assertThat(asked)
        .containsExactly("token of west", "token of west after ours1", "token of north");
  }

  @Test
  @DisplayName("without a token it is passed on as it is, and without ours")
  void plain() throws Exception {
    String target = "/v1/AUTH_test/c/o?temp_url_sig=1&temp_url_expires=2";
    Field referer = new Field("Referer", "http://a/");
    Elsewhere found =
        elsewhere(reader(Fallback.BOTH), "GET " + target, referer, new Field("cookie", "c"))
            .orElseThrow();
    Next.Ask ask = (Next.Ask) next(found, Optional.empty());
    assertThat(ask.head()).isEqualTo(new Head("GET", target, List.of(referer)));
    assertThat(asked).isEmpty();
    assertThat(found.takes(new Answer(200, List.of(new Field("X-Static-Large-Object", "True")))))
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"X-Static-Large-Object", "x-object-manifest", "X-Symlink-Target"})
  @DisplayName("with our token nothing is taken as it comes that stands for other objects")
  void marks(String mark) throws Exception {
    Elsewhere found =
        elsewhere(reader(Fallback.BOTH), "GET /v1/AUTH_test/c/o", TOKEN).orElseThrow();
    for (int status : List.of(200, 206, 304, 416)) {
      assertThat(found.takes(new Answer(status, List.of()))).isTrue();
      assertThat(found.takes(new Answer(status, List.of(new Field(mark, "x"))))).isFalse();
    }
    for (int status : List.of(301, 401, 404, 412, 500, 503)) {
      assertThat(found.takes(new Answer(status, List.of()))).isFalse();
    }
    Next.Ask ask = (Next.Ask) next(found, Optional.empty());
    assertThat(ask.site()).isEqualTo("west");
    // Nobody can tell what it leads to: the next site is asked.
    Answer stands = new Answer(200, List.of(new Field(mark, "x")));
    ask = (Next.Ask) next(found, Optional.of(stands));
    assertThat(ask.site()).isEqualTo("north");
    assertThat(next(found, Optional.of(stands))).isInstanceOf(Next.Keep.class);
  }

  @Test
  @DisplayName("what a link leads to is asked for in its place, as it is kept")
  void link() throws Exception {
    stock.put("c/o", "", "X-Symlink-Target", "d/p%20q");
    stock.put("d/p q", "plain");
    stock.says("d/p%20q", 404);
    Elsewhere found =
        elsewhere(reader(Fallback.BOTH), "GET /v1/AUTH_test/c/o", TOKEN, RANGE).orElseThrow();
    Next _ = next(found, Optional.empty());
    Answer stands = new Answer(416, List.of(new Field("X-Symlink-Target", "d/p%20q")));
    Next.Ask ask = (Next.Ask) next(found, Optional.of(stands));
    assertThat(ask.site()).isEqualTo("west");
    assertThat(ask.head().target())
        .isEqualTo("/v1/AUTH_test/d/p%20q?multipart-manifest=get&symlink=get");
    assertThat(ask.head().fields()).contains(RANGE).doesNotContain(TOKEN);
    assertThat(found.takes(stands)).isFalse();
    // It has become a link meanwhile: once is enough.
    ask = (Next.Ask) next(found, Optional.of(stands));
    assertThat(ask.site()).isEqualTo("north");
    assertThat(ask.head().target()).startsWith("/v1/AUTH_test/c/o?");
  }

  @Test
  @DisplayName("a large object is put together from its segments, each asked for as it is kept")
  void large() throws Exception {
    stock.manifest("c/o", stock.segment("d/1", "one "), stock.segment("d/2", "two"));
    stock.says("d/1", 200);
    Answer stands = new Answer(200, List.of(new Field("X-Static-Large-Object", "True")));
    Elsewhere found =
        elsewhere(reader(Fallback.BOTH), "GET /v1/AUTH_test/c/o", TOKEN, RANGE).orElseThrow();
    Next _ = next(found, Optional.empty());
    Next.Join join = (Next.Join) next(found, Optional.of(stands));
    assertThat(join.answer().status()).isEqualTo(206);
    assertThat(join.answer().fields()).contains(new Field("Content-Range", "bytes 0-3/7"));
    assertThat(join.bytes()).isEqualTo(4);
    assertThat(join.first().head().target())
        .isEqualTo("/v1/AUTH_test/d/1?multipart-manifest=get&symlink=get");
    // Before the client has been told of it, its token may still be wrong.
    assertThat(found.takes(new Answer(401, List.of()))).isFalse();
    assertThat(next(found, Optional.of(new Answer(401, List.of())))).isInstanceOf(Next.Join.class);
    assertThat(found.takes(stands)).isFalse();
    assertThat(found.takes(new Answer(200, List.of()))).isTrue();
    assertThat(next(found, Optional.empty())).isInstanceOf(Next.Keep.class);
  }

  @Test
  @DisplayName("a large object of which a segment is another one now does not end well")
  void changed() throws Exception {
    stock.manifest("c/o", stock.segment("c/1", "one "), stock.segment("c/2", "two"));
    Answer stands = new Answer(200, List.of(new Field("X-Static-Large-Object", "True")));
    Elsewhere found =
        elsewhere(reader(Fallback.BOTH), "GET /v1/AUTH_test/c/o", TOKEN).orElseThrow();
    Next _ = next(found, Optional.empty());
    assertThat(next(found, Optional.of(stands))).isInstanceOf(Next.Join.class);
    assertThat(found.takes(new Answer(412, List.of()))).isFalse();
    // Nothing has been told yet.
    Next.Ask ask = (Next.Ask) next(found, Optional.of(new Answer(412, List.of())));
    assertThat(ask.site()).isEqualTo("north");
    found = elsewhere(reader(Fallback.BOTH), "GET /v1/AUTH_test/c/o", TOKEN).orElseThrow();
    Next _ = next(found, Optional.empty());
    Next _ = next(found, Optional.of(stands));
    assertThat(found.takes(new Answer(200, List.of()))).isTrue();
    ask = (Next.Ask) next(found, Optional.empty());
    assertThat(ask.head().target()).startsWith("/v1/AUTH_test/c/2?");
    Answer other = new Answer(412, List.of());
    assertThat(found.takes(other)).isFalse();
    CompletionStage<Next> failed = found.next(Optional.of(other));
    assertThat(failed).isCompletedExceptionally();
  }

  @Test
  @DisplayName("the head of a large object is told without any of its bytes")
  void head() throws Exception {
    stock.manifest("c/o", stock.segment("c/1", "one "), stock.segment("c/2", "two"));
    Elsewhere found =
        elsewhere(reader(Fallback.BOTH), "HEAD /v1/AUTH_test/c/o", TOKEN).orElseThrow();
    Next _ = next(found, Optional.empty());
    Answer stands = new Answer(200, List.of(new Field("X-Static-Large-Object", "True")));
    Next.Say say = (Next.Say) next(found, Optional.of(stands));
    assertThat(say.answer().status()).isEqualTo(200);
    assertThat(say.answer().fields())
        .contains(new Field("Content-Length", "7"), new Field(Elsewhere.SITE, "west"));
    assertThat(say.text()).isEmpty();
  }
}
