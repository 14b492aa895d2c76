package io.cotidal.objects.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.model.Secret;
import io.cotidal.objects.names.ContainerName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
@DisplayName("which headers of a container are its state, and how it is changed")
final class ContainerStateTest {
  private static final ContainerName NAME = new ContainerName("AUTH_test", "c");

  /** What Swift 2.30 answers to HEAD by a reseller admin. */
  private static final Map<String, String> ANSWER =
      Map.ofEntries(
          Map.entry("Content-Type", "text/plain; charset=utf-8"),
          Map.entry("X-Container-Object-Count", "3"),
          Map.entry("X-Container-Bytes-Used", "30"),
          Map.entry("X-Timestamp", "1716000000.12345"),
          Map.entry("Last-Modified", "Sat, 18 May 2024 02:40:01 GMT"),
          Map.entry("X-Storage-Policy", "gold"),
          Map.entry("X-Container-Sharding", "False"),
          Map.entry("Accept-Ranges", "bytes"),
          Map.entry("X-Trans-Id", "tx1"),
          Map.entry("X-Openstack-Request-Id", "tx1"),
          Map.entry("X-Container-Read", ".r:*"),
          Map.entry("X-Container-Write", "test:tester"),
          Map.entry("X-Container-Meta-Quota-Bytes", "1000"),
          Map.entry("X-Container-Meta-Quota-Count", "10"),
          Map.entry("X-Container-Meta-Web-Index", "index.html"),
          Map.entry("X-Container-Meta-Access-Control-Allow-Origin", "*"),
          Map.entry("X-Container-Meta-Temp-Url-Key", "canary-tempurl"),
          Map.entry("X-Container-Meta-Orig-Cluster", "http://a"),
          Map.entry("X-Container-Meta-Empty", ""),
          Map.entry("X-Container-Sync-Key", "canary-sync"),
          Map.entry("X-Container-Sync-To", "//realm/b/AUTH_test/c"),
          Map.entry("X-Versions-Enabled", "True"));

  @Test
  @DisplayName("times, counts, shards and targets stay a site's own; keys are nowhere shown")
  void read() {
    ContainerState state = ContainerState.of(ANSWER);
    assertThat(state.policy()).isEqualTo("gold");
    assertThat(state.versioned()).isTrue();
    assertThat(state.syncTo()).isTrue();
    assertThat(state.syncKey()).contains(new Secret("canary-sync"));
    assertThat(state.headers().keySet())
        .containsExactly(
            "x-container-meta-access-control-allow-origin",
            "x-container-meta-quota-bytes",
            "x-container-meta-quota-count",
            "x-container-meta-temp-url-key",
            "x-container-meta-web-index",
            "x-container-read",
            "x-container-write");
    Imprint imprint = state.imprint(NAME);
    assertThat(imprint.shown())
        .containsEntry("x-container-read", ".r:*")
        .containsEntry("x-versions-enabled", "true")
        .doesNotContainKey("x-container-sync-key");
    assertThat(imprint.shown().get("x-container-meta-temp-url-key")).matches("secret:[0-9a-f]{12}");
    assertThat(state.toString() + imprint + new Look.Seen(state, "", 0, 0))
        .doesNotContain("canary");
  }

  @Test
  @DisplayName("a mark tells equal secrets of one container, and of no other")
  void marks() {
    Secret secret = new Secret("s");
    String mark = Imprint.of(NAME, "h", secret);
    assertThat(mark)
        .isEqualTo(Imprint.of(NAME, "h", new Secret("s")))
        .isNotEqualTo(Imprint.of(NAME, "g", secret))
        .isNotEqualTo(Imprint.of(new ContainerName("AUTH_test", "d"), "h", secret))
        .isNotEqualTo(Imprint.of(NAME, "h", new Secret("t")));
  }

  private static ContainerState state(String... pairs) {
    Map<String, String> answer = new HashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      answer.put(pairs[i], pairs[i + 1]);
    }
    return ContainerState.of(answer);
  }

  private static List<Map<String, String>> requests(ContainerState from, ContainerState to) {
    return Change.between(from, to, Optional.empty()).stream()
        .map(change -> {
          Map<String, String> plain = new TreeMap<>();
          change.headers().forEach((name, value) -> plain.put(name, value.reveal()));
          return plain;
        })
        .toList();
  }

  @Test
  @DisplayName("what is to go has a header that removes it")
  void removals() {
    assertThat(
            requests(
                state("X-Container-Meta-Remove-Me", "1", "X-Container-Read", ".r:*", "x-b", "2"),
                state("X-Container-Meta-New", "é", "x-b", "3")))
        .containsExactly(
            Map.of(
                "x-container-meta-new", "é",
                "x-remove-container-meta-remove-me", "x",
                "x-remove-container-read", "x"));
    assertThat(requests(state("X-Container-Meta-A", "1"), state("x-container-meta-a", "1")))
        .isEmpty();
  }

  @Test
  @DisplayName(
      "a request has no more headers than Swift takes: what goes makes room for what comes")
  void many() {
    String[] before = new String[180];
    String[] after = new String[180];
    for (int i = 0; i < 90; i++) {
      before[2 * i] = "x-container-meta-a" + i;
      after[2 * i] = "x-container-meta-b" + i;
      before[2 * i + 1] = "1";
      after[2 * i + 1] = "1";
    }
    List<Map<String, String>> requests = requests(state(before), state(after));
    assertThat(requests).hasSize(2);
    assertThat(requests.getFirst().keySet())
        .hasSize(90)
        .allMatch(name -> name.startsWith("x-remove-container-meta-a"));
    assertThat(requests.getLast().keySet())
        .hasSize(90)
        .allMatch(name -> name.startsWith("x-container-meta-b"));
  }

  @Test
  @DisplayName(
      "the two ways of keeping versions are changed in two requests, the old one left first")
  void versions() {
    ContainerState plain = state();
    ContainerState versioned = state("X-Versions-Enabled", "true");
    ContainerState stack = state("X-Versions-Location", "old");
    ContainerState history = state("X-History-Location", "old");
    assertThat(requests(plain, versioned)).containsExactly(Map.of("x-versions-enabled", "true"));
    assertThat(requests(versioned, plain)).containsExactly(Map.of("x-versions-enabled", "false"));
    assertThat(requests(stack, versioned))
        .containsExactly(
            Map.of("x-remove-versions-location", "x"), Map.of("x-versions-enabled", "true"));
    assertThat(requests(versioned, stack))
        .containsExactly(
            Map.of("x-versions-enabled", "false"), Map.of("x-versions-location", "old"));
    assertThat(requests(stack, history))
        .as("to remove the other one as well would be a removal of both")
        .containsExactly(Map.of("x-history-location", "old"));
    assertThat(requests(history, plain)).containsExactly(Map.of("x-remove-history-location", "x"));
  }

  @Test
  @DisplayName("a change prints names alone")
  void printed() {
    Change change = Change.whole(ContainerState.of(ANSWER), Optional.of(new Secret("canary-k")));
    assertThat(change.toString() + change.headers())
        .contains("x-container-sync-key")
        .doesNotContain("canary");
    assertThat(change.headers().get("x-container-sync-key").reveal()).isEqualTo("canary-k");
  }
}
