package io.cotidal.copies.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.copies.compat.CopyDesk.Refused;
import io.cotidal.copies.compat.CopyDesk.Standing;
import io.cotidal.copies.compat.CopyDesk.Why;
import io.cotidal.model.Permission;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(10)
@DisplayName("The original's API")
class MyaasApiTest {
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final String JSON = "application/json";

  private final MemoryDesk desk = new MemoryDesk().with("shop", "n1").with("a-b");
  private Permission role = Permission.USER;

  private MyaasAnswer send(String method, String target, String type, String body)
      throws InterruptedException {
    String[] parts = target.split("\\?", 2);
    MyaasRequest request =
        new MyaasRequest(
            method,
            parts[0],
            parts.length == 2 ? parts[1] : "",
            type,
            body,
            role,
            MemoryDesk.NOW + 180_000_000);
    return new MyaasApi("myaas-").answer(request, desk);
  }

  private MyaasAnswer send(String method, String target) throws InterruptedException {
    return send(method, target, "", "");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/v1"})
  @DisplayName("copies/E5: its reads answer as they did, and below /v1 as behind its proxy")
  void reads(String base) throws InterruptedException {
    assertThat(send("GET", base + "/").body())
        .isEqualTo(
            """
            {"databases":["shop,n1"],"status":"Service is running","templates":["a-b","shop"]}
            """);
    assertThat(send("GET", base + "/templates").body())
        .isEqualTo("{\"templates\":[\"a-b\",\"shop\"]}\n");
    assertThat(send("GET", base + "/db").body())
        .isEqualTo(
            """
            {"databases":[{"created":1795255200,"name":"n1","state":"Up 3 minutes","template":"shop"}]}
            """);
    assertThat(send("GET", base + "/db/shop/n1").body())
        .isEqualTo(
            """
            {"created":1795255200,"database":"default","host":"db.example","name":"n1",\
            "password":"correct-horse","port":"33061","running":true,"status":"Up 3 minutes",\
            "user":"myaas"}
            """);
    assertThat(send("GET", base + "/db").type()).isEqualTo(JSON);
    assertThat(send("HEAD", base + "/db/shop/n1").status()).isEqualTo(200);
  }

  @Test
  @DisplayName("copies/B10: an expiry is told in Unix seconds, as the text of a float")
  void expiry() throws InterruptedException {
    desk.put("shop", "n2", Standing.RUNNING, 1_795_258_800_250_000L);
    assertThat(send("GET", "/db/shop/n2").body()).contains("\"expires_at\":\"1795258800.25\"");
    assertThat(send("GET", "/db").body()).contains("\"expires_at\":\"1795258800.25\"");
    desk.put("shop", "n2", Standing.RUNNING, 1_795_258_800_000_000L);
    assertThat(send("GET", "/db/shop/n2").body()).contains("\"expires_at\":\"1795258800.0\"");
    assertThat(send("GET", "/db/shop/n1").body()).doesNotContain("expires_at");
  }

  @ParameterizedTest
  @CsvSource({
    "CREATING, Created, false",
    "RUNNING, Up 3 minutes, true",
    "STOPPED, Exited (0) 3 minutes ago, false",
    "RESETTING, Restarting (0) 3 minutes ago, false",
    "BROKEN, Exited (1) 3 minutes ago, false",
    "REMOVING, Removal In Progress, false",
    "UNKNOWN, Unknown, false"
  })
  @DisplayName("copies/B8: a copy's state is told in Docker's words, and only what runs is running")
  void states(Standing standing, String words, boolean running) throws InterruptedException {
    desk.put("shop", "n1", standing, 0);
    assertThat(send("GET", "/db/shop/n1").body())
        .contains("\"status\":\"" + words + "\"")
        .contains("\"running\":" + running);
    assertThat(send("GET", "/db").body()).contains("\"state\":\"" + words + "\"");
  }

  @Test
  @DisplayName("copies/B3: the first POST of a name answers 201, the second 304 without a body")
  void create() throws InterruptedException {
    MyaasAnswer made = send("POST", "/db/shop/n2");
    assertThat(made.status()).isEqualTo(201);
    assertThat(made.body()).isEqualTo(send("GET", "/db/shop/n2").body());
    assertThat(send("POST", "/db/shop/n2")).isEqualTo(new MyaasAnswer(304, "", "", ""));
    desk.put("shop", "n1", Standing.STOPPED, 0);
    assertThat(send("POST", "/db/shop/n1", FORM, "ttl=60").status()).isEqualTo(304);
  }

  @Test
  @DisplayName("copies/A1: no such template is 404 with its name, one without data yet 423")
  void noTemplate() throws InterruptedException {
    assertThat(send("POST", "/db/none/n1"))
        .isEqualTo(
            MyaasAnswer.json(404, "{\"status\":\"Template \\\"none\\\" does not exist.\"}\n"));
    desk.importing.add("shop");
    assertThat(send("POST", "/db/shop/n9"))
        .isEqualTo(
            MyaasAnswer.json(
                423, "{\"status\":\"Database not available, content is being imported.\"}\n"));
  }

  @ParameterizedTest
  @CsvSource({
    FORM + ", ttl=90, PT1M30S",
    FORM + "; charset=utf-8, ttl=%2B90, PT1M30S",
    FORM + ", x=1&ttl= 1_0 , PT10S",
    FORM + ", ttl=0, PT0S",
    FORM + ", ttl=, -",
    FORM + ", '{\"ttl\":5}', -",
    JSON + ", '{\"ttl\":90}', PT1M30S",
    JSON + ", '{\"ttl\":\"90\"}', PT1M30S",
    JSON + ", '{\"ttl\":90.7}', PT1M30S",
    JSON + ", '{\"ttl\":0}', -",
    JSON + ", '{\"ttl\":null}', -",
    JSON + ", '{\"ttl\":true}', PT1S",
    JSON + ", '{}', -",
    JSON + ", '[1]', -",
    JSON + ", 'not json', -",
    "text/plain, ttl=90, -",
    "'', ttl=90, -"
  })
  @DisplayName("copies/B10: ttl comes as a form or as JSON and is read as Python read it")
  void ttl(String type, String body, String wanted) throws InterruptedException {
    assertThat(send("POST", "/db/shop/n2", type, body).status()).isEqualTo(201);
    assertThat(desk.calls).containsExactly("create shop n2 " + wanted);
  }

  @ParameterizedTest
  @CsvSource({
    FORM + ", ttl=soon",
    FORM + ", ttl=1.5",
    FORM + ", ttl=-5",
    FORM + ", ttl=%zz",
    FORM + ", ttl=99999999999999999999999999",
    JSON + ", '{\"ttl\":\"soon\"}'",
    JSON + ", '{\"ttl\":[1]}'",
    JSON + ", '{\"ttl\":1e999999999}'",
    JSON + ", '{\"ttl\":-1}'",
    "multipart/form-data; boundary=x, ttl"
  })
  @DisplayName("copies/B10: a ttl that is no number is refused with a sentence and makes nothing")
  void badTtl(String type, String body) throws InterruptedException {
    MyaasAnswer answer = send("POST", "/db/shop/n2", type, body);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).startsWith("{\"status\":\"").containsAnyOf("ttl", "form");
    assertThat(send("POST", "/db/shop/n1", type, body).status()).isEqualTo(400);
    assertThat(desk.calls).isEmpty();
  }

  @Test
  @DisplayName("copies/B11: DELETE answers 204 without a body, then 404")
  void delete() throws InterruptedException {
    assertThat(send("DELETE", "/db/shop/n1")).isEqualTo(new MyaasAnswer(204, "", "", ""));
    assertThat(send("DELETE", "/db/shop/n1"))
        .isEqualTo(MyaasAnswer.json(404, "{\"status\":\"Not found\"}\n"));
  }

  @Test
  @DisplayName("copies/C2: DELETE /db/a/b leaves the template a-b alone, and a/b-c is not a-b's c")
  void ambiguous() throws InterruptedException {
    desk.with("a-b", "c");
    assertThat(send("DELETE", "/db/a/b").status()).isEqualTo(404);
    assertThat(send("GET", "/db/a/b-c").status()).isEqualTo(404);
    assertThat(desk.templates).containsExactly("a-b", "shop");
    assertThat(send("DELETE", "/db/a-b/c").status()).isEqualTo(204);
    assertThat(desk.templates).containsExactly("a-b", "shop");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/db/shop/..", "/db/shop/%2e%2e%2fx", "/db/shop/a%2Fb", "/db/shop/%00", "/db/shop/--help",
        "/db/shop/a;rm%20-rf", "/db/shop/%60id%60", "/db/shop/A", "/db/..%2f/x", "/db/shop/a+b"
      })
  @DisplayName("copies/C1: a name outside the grammar is 400 with the rule on POST, else 404")
  void names(String path) throws InterruptedException {
    MyaasAnswer posted = send("POST", path);
    assertThat(posted.status()).isEqualTo(400);
    assertThat(posted.body()).contains("use 1 to 63 of a-z 0-9 . _ -");
    assertThat(send("GET", path).status()).isEqualTo(404);
    assertThat(send("DELETE", path).status()).isEqualTo(404);
    assertThat(desk.calls).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/x",
        "/db/",
        "/db/shop",
        "/db/shop/",
        "/db//n1",
        "/db/shop/n1/",
        "/db/shop/n1/x",
        "/templates/",
        "/v1/x",
        "/v2/db",
        "/v1x",
        "/db/shop/%zz"
      })
  @DisplayName("copies/B11: whatever is unknown answers 404 in the original's words")
  void unknown(String path) throws InterruptedException {
    for (String method : new String[] {"GET", "POST", "DELETE"}) {
      assertThat(send(method, path))
          .isEqualTo(MyaasAnswer.json(404, "{\"status\":\"Not found\"}\n"));
    }
  }

  @Test
  @DisplayName("copies/B11: a path that does not know the method says which it knows")
  void methods() throws InterruptedException {
    assertThat(send("POST", "/db").status()).isEqualTo(405);
    assertThat(send("DELETE", "/").allow()).isEqualTo("GET, HEAD");
    assertThat(send("PUT", "/db/shop/n1").allow()).isEqualTo("DELETE, GET, HEAD, POST");
  }

  @ParameterizedTest
  @CsvSource({"all=true, true", "all=false, true", "all=1, true", "all=, false", "x=1, false"})
  @DisplayName("copies/E2: ?all gives a container's inspection without the password")
  void container(String query, boolean all) throws InterruptedException {
    String body = send("GET", "/db/shop/n1?" + query).body();
    assertThat(body.startsWith("{\"container\":{")).isEqualTo(all);
    assertThat(body.contains(MemoryDesk.PASSWORD)).isEqualTo(!all);
    if (all) {
      assertThat(body)
          .contains("\"Name\":\"/myaas-shop-n1\"")
          .contains("\"Created\":\"2026-11-21T10:00:00Z\"")
          .contains("\"State\":{")
          .contains("\"Running\":true")
          .contains("\"3306/tcp\":[{")
          .contains("\"HostPort\":\"33061\"")
          .contains("\"com.myaas.template\":\"shop\"")
          .contains("\"com.myaas.is_template\":\"False\"");
    }
    assertThat(send("GET", "/db/shop/n9?" + query).status()).isEqualTo(404);
  }

  @Test
  @DisplayName("copies/E1: a viewer reads, without passwords, and changes nothing")
  void viewer() throws InterruptedException {
    role = Permission.VIEWER;
    assertThat(send("GET", "/db/shop/n1").body())
        .contains("\"password\":null")
        .doesNotContain(MemoryDesk.PASSWORD);
    assertThat(send("POST", "/db/shop/n2").status()).isEqualTo(403);
    assertThat(send("DELETE", "/db/shop/n1").status()).isEqualTo(403);
    assertThat(desk.calls).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Why.class)
  @DisplayName("copies/B4: what is refused says why, with a code of its own")
  void refused(Why why) throws InterruptedException {
    desk.refusal = Optional.of(new Refused(why, "this is why"));
    MyaasAnswer answer = MyaasAnswer.json(why.status(), "{\"status\":\"this is why\"}\n");
    assertThat(send("GET", "/db/shop/n1")).isEqualTo(answer);
    assertThat(send("POST", "/db/shop/n2")).isEqualTo(answer);
    assertThat(send("DELETE", "/db/shop/n1")).isEqualTo(answer);
  }
}
