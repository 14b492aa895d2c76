package io.cotidal.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.gateway.wire.RawSocket.Got;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The same comes of the same bytes, wherever they are cut on their way: seven exchanges. */
class SplitTest {
  private static final Duration PAUSE = Duration.ofMillis(1);
  private static final String BODY = "0\r\n\r\nGET / HTTP/1.1\r\n\r\n".repeat(40);
  private static final String CHUNKS =
      "5;a=b\r\nhello\r\n" + Integer.toHexString(BODY.length()) + "\r\n" + BODY + "\r\n0\r\n\r\n";

  private record Scene(String method, String request, String answer, String body) {}

  private static final List<Scene> SCENES =
      List.of(
          new Scene(
              "GET",
              "GET /1 HTTP/1.1\r\nHost: a\r\nX-Long: " + "v".repeat(3_000) + "\r\n\r\n",
              "HTTP/1.1 200 OK\r\nContent-Length: " + BODY.length() + "\r\n\r\n" + BODY,
              BODY),
          new Scene(
              "PUT",
              "PUT /2 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKS,
              "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n",
              ""),
          new Scene(
              "HEAD",
              "HEAD /3 HTTP/1.1\r\nHost: a\r\n\r\n",
              "HTTP/1.1 200 OK\r\nContent-Length: 77\r\n\r\n",
              ""),
          new Scene(
              "PUT",
              "PUT /4 HTTP/1.1\r\nHost: a\r\nContent-Length: " + BODY.length() + "\r\n\r\n" + BODY,
              "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                  + CHUNKS,
              "hello" + BODY),
          new Scene(
              "DELETE",
              "\r\nDELETE /5 HTTP/1.1\r\nHost: a\r\n\r\n",
              "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n",
              ""),
          new Scene(
              "GET",
              "GET /6 HTTP/1.1\r\nHost: a\r\n\r\n",
              "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nfoo\r\n0\r\nX-T: 1\r\n\r\n",
              "foo{X-T: 1}"),
          new Scene(
              "GET",
              "GET /7 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
              "HTTP/1.1 404 Not Found\r\nContent-Length: 3\r\n\r\nno!",
              "no!"));

  @Property(tries = 40)
  void anyCuts(@ForAll long seed) throws Exception {
    List<String> seen = new CopyOnWriteArrayList<>();
    ScriptedSite[] self = new ScriptedSite[1];
    try (ScriptedSite site =
            new ScriptedSite(client -> {
              Random random = new Random(seed + 1);
              for (Scene scene : SCENES) {
                seen.add(self[0].request(client).lines().findFirst().orElse(""));
                cut(client, scene.answer(), random);
              }
              client.head();
            });
        Stage stage = Stage.of(site)) {
      self[0] = site;
      RawSocket client = stage.client();
      StringBuilder all = new StringBuilder();
      SCENES.forEach(scene -> all.append(scene.request()));
      Thread sender =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  cut(client, all.toString(), new Random(seed));
                } catch (IOException | InterruptedException e) {
                  seen.add("not sent: " + e);
                }
              });
      for (Scene scene : SCENES) {
        Got got = client.answer(scene.method());
        assertThat(got.body()).isEqualTo(scene.body());
        String answer = scene.answer().substring(scene.answer().lastIndexOf("HTTP/1.1 2") + 1);
        assertThat(answer + scene.answer()).contains(got.head().lines().findFirst().orElse("?"));
      }
      assertThat(client.rest()).isEmpty();
      sender.join();
      assertThat(seen).hasSize(SCENES.size()).noneMatch(String::isEmpty);
      assertThat(site.bodies()).containsExactly("", "hello" + BODY, "", BODY, "", "", "");
      assertThat(site.connections()).isEqualTo(1);
    }
  }

  /** Sends it in pieces: some of a byte, some of many. */
  private static void cut(RawSocket to, String text, Random random)
      throws IOException, InterruptedException {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    int from = 0;
    while (from < bytes.length) {
      int most = random.nextInt(4) == 0 ? 2 : 400;
      int length = Math.min(bytes.length - from, 1 + random.nextInt(most));
      to.out().write(bytes, from, length);
      if (random.nextInt(40) == 0) {
        Deadline.in(PAUSE).pause(PAUSE);
      }
      from += length;
    }
  }
}
