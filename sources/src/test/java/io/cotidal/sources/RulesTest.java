package io.cotidal.sources;

import static io.cotidal.sources.MemberSourceConformance.LONG;
import static io.cotidal.sources.MemberSourceConformance.hosts;
import static io.cotidal.sources.MemberSourceConformance.names;
import static io.cotidal.sources.Recorded.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.engine.MemberSource;
import io.cotidal.model.Details;
import io.cotidal.model.Secret;
import io.cotidal.model.SourceAnswer;
import io.cotidal.model.SourceAnswer.Members;
import io.cotidal.model.SourceAnswer.Unavailable;
import io.cotidal.sources.roll.Address;
import io.cotidal.sources.roll.Admission;
import io.cotidal.sources.roll.Candidate;
import io.cotidal.sources.roll.Reference;
import io.cotidal.sources.spec.Habits;
import io.cotidal.sources.spec.SourceSpec;
import io.cotidal.sources.spec.SourceSpec.Dns.Records;
import io.cotidal.sources.spec.WebServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What each source believes, and what it asks. */
@Timeout(120)
final class RulesTest {
  private static final Habits HABITS =
      new Habits(Duration.ofMillis(200), Duration.ofSeconds(5), false);

  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

  @AfterEach
  void end() {
    executor.shutdownNow();
  }

  private SourceAnswer first(SourceSpec spec) {
    try (MemberSource source = new Sources(executor).open(spec)) {
      return source.ask(LONG);
    }
  }

  @Test
  @DisplayName(
      "directory/D3: [], null, 404, 500, garbage, a redirect, too much: each is unavailable, with"
          + " its reason")
  void badAnswers() throws Exception {
    Map<String, String> reasons = new TreeMap<>();
    reasons.put(answer(200, "[]"), "names no members");
    reasons.put(answer(200, "null"), "names no members");
    reasons.put(answer(404, "{\"code\":404,\"type\":\"error\"}"), "404");
    reasons.put(answer(500, ""), "500");
    reasons.put(answer(200, "<html>"), "not JSON");
    reasons.put(answer(200, ""), "no content");
    reasons.put(answer(200, "{\"type\":\"error\"}"), "no list");
    reasons.put(answer(200, "[\"h1\", \"h1\"]"), "called h1");
    reasons.put(answer(200, "[\"h1\"] x"), "not JSON");
    reasons.put(answer(302, "", "Location: http://169.254.169.254/"), "redirects are not followed");
    reasons.put("HTTP/1.1 200 X\r\nContent-Length: 99\r\n\r\n[\"h1\"]", "in the middle");
    reasons.put("HTTP/1.1 200 X\r\nContent-Length: 999999999\r\n\r\n[", "longer than");
    reasons.put(
        "HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n6\r\n[\"h1\"]", "in the middle");
    reasons.put("SSH-2.0-x\r\n", "does not speak HTTP");
    for (Map.Entry<String, String> one : reasons.entrySet()) {
      try (Recorded server = Recorded.tcp()) {
        server.answers = target -> one.getKey();
        SourceAnswer answer = first(new SourceSpec.Http(WebServer.at(server.url()), HABITS));
        assertThat(answer).as(one.getKey()).isInstanceOf(Unavailable.class);
        assertThat(((Unavailable) answer).reason())
            .startsWith("the list at " + server.url() + ": ")
            .contains(one.getValue())
            .doesNotContain("\n");
      }
    }
  }

  @Test
  @DisplayName("An answer in chunks is whole; an empty one is believed where the operator says so")
  void goodAnswers() throws Exception {
    try (Recorded server = Recorded.tcp()) {
      SourceSpec spec = new SourceSpec.Http(WebServer.at(server.url()), HABITS);
      List<String> lines =
          List.of(
              "HTTP/1.1 200 X", "Transfer-Encoding: chunked", "", "3;x", "[\"h", "3", "1\"]", "0");
      server.answers = target -> String.join("\r\n", lines) + "\r\n\r\n";
      assertThat(hosts(first(spec))).containsExactly("h1");
      server.answers = target -> answer(200, "[]");
      assertThat(
              first(new SourceSpec.Http(WebServer.at(server.url()), HABITS.believingEmpty(true))))
          .isEqualTo(new Members(List.of()));
    }
  }

  @Test
  @DisplayName("A list in the configuration is believed, also if it is empty")
  void fixed() throws Exception {
    assertThat(first(new SourceSpec.Fixed(List.of()))).isEqualTo(new Members(List.of()));
    Candidate one = new Candidate("a", Address.parse("h1"), Details.of("site", "x"), true);
    assertThat(names(first(new SourceSpec.Fixed(List.of(one))))).containsExactly("a");
  }

  @Test
  @DisplayName(
      "A token goes in a header, and over plain HTTP to this machine only; it is never shown")
  void token() throws Exception {
    try (Recorded server = Recorded.tcp()) {
      server.answers = target -> answer(401, "");
      WebServer asked = WebServer.at(server.url()).with(new Secret("canary-token"));
      SourceAnswer answer = first(new SourceSpec.Http(asked, HABITS));
      assertThat(server.heads.getFirst()).contains("Authorization: Bearer canary-token\r\n");
      assertThat(answer.toString()).doesNotContain("canary").contains("token");
    }
  }

  @Test
  @DisplayName(
      "Rancher: paths of each version, with and without a stack, names in lower case from"
          + " 2016-07-29")
  void rancherPaths() throws Exception {
    for (Map.Entry<String, String> one :
        Map.of(
                "2015-07-25 IDM/Ldap", "/2015-07-25/containers",
                "2015-12-19 IDM/Ldap", "/2015-12-19/stacks/IDM/services/Ldap/containers",
                "2016-07-29 IDM/Ldap", "/2016-07-29/stacks/idm/services/ldap/containers",
                "latest IDM/Ldap", "/latest/stacks/idm/services/ldap/containers",
                "latest Ldap", "/latest/services/ldap/containers")
            .entrySet()) {
      try (Recorded server = Recorded.tcp()) {
        server.answers = target -> answer(200, target.endsWith("/version") ? "\"1\"" : "null");
        String[] words = one.getKey().split(" ");
        SourceAnswer answer = first(rancher(server, words[0], words[1]));
        assertThat(((Unavailable) answer).reason()).contains("names no members");
        assertThat(server.heads).hasSize(2);
        assertThat(server.heads.get(0)).startsWith("GET /" + words[0] + "/version HTTP/1.1");
        assertThat(server.heads.get(1)).startsWith("GET " + one.getValue() + " HTTP/1.1");
        assertThat(server.heads.get(1)).contains("Accept: application/json");
      }
    }
  }

  private static SourceSpec.Rancher rancher(Recorded server, String version, String service) {
    return new SourceSpec.Rancher(
        server.url(),
        version,
        service,
        Reference.ADDRESS,
        SourceSpec.RancherFilter.NONE,
        HABITS.every(Duration.ofSeconds(30)));
  }

  @Test
  @DisplayName("Rancher: the next question waits for another version")
  void rancherWaits() throws Exception {
    try (Recorded server = Recorded.tcp();
        MemberSource source = new Sources(executor).open(rancher(server, "latest", "idm/ldap"))) {
      server.answers = Worlds.rancher().apply(List.of("10.0.0.1"));
      assertThat(hosts(source.ask(LONG))).containsExactly("10.0.0.1");
      server.answers = Worlds.rancher().apply(List.of("10.0.0.1", "10.0.0.2"));
      assertThat(hosts(source.ask(LONG))).hasSize(2);
      assertThat(server.heads)
          .anyMatch(head -> head.startsWith("GET /latest/version?wait=true&value=v1&maxWait="));
    }
  }

  @Test
  @DisplayName("Rancher: a version that lists only names is asked for all containers")
  void rancherNamesOnly() throws Exception {
    try (Recorded server = Recorded.tcp()) {
      String two =
          "[{\"name\":\"a\",\"primary_ip\":\"10.0.0.1\",\"service_name\":\"ldap\",\"stack_name\":\"idm\"},"
              + "{\"name\":\"b\",\"primary_ip\":\"10.0.0.2\",\"service_name\":\"web\",\"stack_name\":\"idm\"},"
              + "{\"name\":\"c\",\"primary_ip\":\"10.0.0.3\",\"service_name\":\"ldap\",\"stack_name\":\"other\"}]";
      server.answers = target -> answer(200, target.endsWith("/version") ? "\"1\"" : two);
      assertThat(names(first(rancher(server, "2015-07-25", "idm/ldap")))).containsExactly("a");
      assertThat(names(first(rancher(server, "2015-07-25", "ldap")))).containsExactly("a", "c");
    }
  }

  @Test
  @DisplayName(
      "Consul: waits by index, begins anew if it goes backwards, believes no follower without a"
          + " leader")
  void consulIndex() throws Exception {
    try (World world = Worlds.consul();
        MemberSource source =
            new Sources(executor).open(world.spec(HABITS.every(Duration.ofSeconds(30))))) {
      Recorded server = ((Worlds.Web) world).server();
      world.names("10.0.0.1");
      assertThat(names(source.ask(LONG))).containsExactly("node-10.0.0.1-ldap");
      world.names("10.0.0.2");
      source.ask(LONG);
      assertThat(server.heads.get(0)).startsWith("GET /v1/health/service/ldap?passing=false HTTP");
      assertThat(server.heads.get(1)).contains("&index=8&wait=");
      server.answers =
          target -> answer(200, "[]", "X-Consul-Index: 9", "X-Consul-KnownLeader: false");
      assertThat(((Unavailable) source.ask(LONG)).reason()).contains("no leader");
    }
  }

  @Test
  @DisplayName(
      "DNS: SRV names host and port; a root target is nobody; a name that is missing is no empty"
          + " answer")
  void dns() throws Exception {
    try (NameServer server = new NameServer()) {
      server.records.put(
          "SRV _ldap._tcp.test", List.of("0 5 389 b.test.", "0 5 3389 a.test.", "0 0 0 ."));
      assertThat(names(first(dns(server, Records.SRV, HABITS, "_ldap._tcp.test"))))
          .containsExactly("a.test-3389", "b.test-389");
      server.records.put("AAAA six.test", List.of("2001:db8::1"));
      assertThat(names(first(dns(server, Records.AAAA, HABITS, "six.test"))))
          .containsExactly("2001-db8-0-0-0-0-0-1");
      server.records.put("A a.test", List.of("10.0.0.1"));
      assertThat(
              ((Unavailable) first(dns(server, Records.A, HABITS, "a.test", "none.test"))).reason())
          .contains("none.test does not exist");
      assertThat(((Unavailable) first(dns(server, Records.A, HABITS, "six.test"))).reason())
          .contains("no A records");
      assertThat(first(dns(server, Records.A, HABITS.believingEmpty(true), "none.test")))
          .isEqualTo(new Members(List.of()));
    }
  }

  private static SourceSpec dns(NameServer server, Records type, Habits habits, String... names) {
    return new SourceSpec.Dns(List.of(names), type, 0, List.of(server.address()), habits);
  }

  @Test
  @DisplayName(
      "directory/D3: a union grows by what answers, loses nobody while a part is unavailable")
  void unionGrows() throws Exception {
    try (Worlds.Both world = Worlds.Both.open(SourceSpec.Union::new);
        MemberSource source = new Sources(executor).open(world.spec(HABITS))) {
      world.first().names("10.0.0.1", "10.0.0.2");
      world.second().fails();
      assertThat(source.ask(LONG)).as("not before all answered").isInstanceOf(Unavailable.class);
      world.second().names("10.0.0.3");
      SourceAnswer answer = source.ask(LONG);
      while (answer instanceof Unavailable) {
        answer = source.ask(LONG);
      }
      assertThat(hosts(answer)).containsExactly("10.0.0.1", "10.0.0.2", "10.0.0.3");
      world.second().fails();
      while (answer instanceof Members) {
        answer = source.ask(LONG);
      }
      world.first().names("10.0.0.2", "10.0.0.4");
      while (answer instanceof Unavailable) {
        answer = source.ask(LONG);
      }
      assertThat(hosts(answer)).containsExactly("10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4");
      assertThat(source.ask(LONG))
          .as("and says again that it cannot")
          .isInstanceOf(Unavailable.class);
      world.second().names("10.0.0.3");
      while (answer instanceof Unavailable || hosts(answer).size() != 3) {
        answer = source.ask(LONG);
      }
      assertThat(hosts(answer)).containsExactly("10.0.0.2", "10.0.0.3", "10.0.0.4");
    }
  }

  @Test
  @DisplayName("directory/D3: an intersection without members is not believed")
  void emptyIntersection() throws Exception {
    try (Worlds.Both world = Worlds.Both.open(SourceSpec.Intersection::new);
        MemberSource source = new Sources(executor).open(world.spec(HABITS))) {
      world.first().names("10.0.0.1");
      world.second().names("10.0.0.2");
      assertThat(((Unavailable) source.ask(LONG)).reason()).contains("no member in common");
    }
  }

  @Test
  @DisplayName("An address on the link is asked in Rancher's case alone")
  void linkLocal() {
    String url = "http://169.254.1.2:1";
    SourceAnswer refused = first(new SourceSpec.Http(WebServer.at(url), HABITS));
    assertThat(((Unavailable) refused).reason()).contains("an address that is not asked");
    SourceAnswer consul =
        first(new SourceSpec.Consul(WebServer.at(url), "s", "", "", Admission.ANYBODY, HABITS));
    assertThat(((Unavailable) consul).reason()).contains("an address that is not asked");
  }
}
