package io.cotidal.gateway.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.gateway.door.Field;
import io.cotidal.gateway.door.Head;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
@DisplayName("fields of clients")
final class HygieneTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Orig-Cluster",
        "x-orig-cluster",
        "X_Orig_Cluster",
        "X-Orig_Cluster",
        " X-Orig-Cluster ",
        "X-Cotidal-Sync",
        "X-COTIDAL-ANYTHING",
        "x_cotidal_peer",
        "X-Container-Meta-Cotidal-Stamp",
        "X_Container_Meta_Cotidal_Stamp",
        "X-Account-Meta-Cotidal-A",
        "X-Object-Meta-Cotidal-A",
        "X-Remove-Container-Meta-Cotidal-Stamp",
        "X-Container-Meta-Orig-Cluster",
        "X-Account-Meta-Orig-Cluster",
      })
  @DisplayName("what only we say is taken away, in any writing")
  void stripped(String name) {
    Field keep = new Field("X-Auth-Token", "t");
    Head head = new Head("PUT", "/v1/a/b", List.of(keep, new Field(name, "x"), keep));
    assertThat(Hygiene.clean(head).fields()).containsExactly(keep, keep);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Auth-Token",
        "X-Container-Sync-Auth",
        "X-Container-Sync-Key",
        "X-Container-Sync-To",
        "X-Timestamp",
        "X-Container-Meta-Colour",
        "X-Container-Meta-Cotidal",
        "X-Container-Meta-Orig-Clusters",
        "X-Remove-Container-Meta-Orig-Cluster",
        "X-Original-Cluster",
        "Cotidal-Sync",
        "X-Cotidal",
        "",
      })
  @DisplayName("everything else stays, in its order and writing")
  void kept(String name) {
    Head head = new Head("PUT", "/v1/a//b%2F", List.of(new Field(name, "x"), new Field("A", "")));
    assertThat(Hygiene.clean(head)).isEqualTo(head);
  }

  @Test
  @DisplayName("method and target stay as they came")
  void target() {
    Head head = new Head("pUt", "/v1/%2e%2E//x;y", List.of(new Field("X-Orig-Cluster", "x")));
    assertThat(Hygiene.clean(head)).isEqualTo(new Head("pUt", "/v1/%2e%2E//x;y", List.of()));
  }
}
