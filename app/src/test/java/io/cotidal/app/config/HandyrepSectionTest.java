package io.cotidal.app.config;

import static io.cotidal.app.config.Examples.GOOD;
import static io.cotidal.app.config.Examples.lines;
import static io.cotidal.app.config.Examples.parse;
import static io.cotidal.app.config.Examples.valid;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
@DisplayName("compat.handyrep")
final class HandyrepSectionTest {
  private static Optional<Clusters.Handyrep> read(String section) {
    return valid(parse(GOOD + section)).of(Clusters.class).handyrep();
  }

  @Test
  @DisplayName("nothing is served unless it is written; then on a port of its own")
  void own() {
    assertThat(read("")).isEmpty();
    Clusters.Handyrep own = read("compat: {handyrep: {}}\n").orElseThrow();
    assertThat(own.listen().orElseThrow().getPort()).isEqualTo(7401);
    assertThat(own.api()).isFalse();
    assertThat(own.cluster()).isEqualTo("orders");
  }

  @Test
  @DisplayName("on the API's listener alone, or on both")
  void api() {
    Clusters.Handyrep api = read("compat: {handyrep: {api: true}}\n").orElseThrow();
    assertThat(api.api()).isTrue();
    assertThat(api.listen()).isEmpty();
    Clusters.Handyrep both =
        read("compat: {handyrep: {api: true, listen: 127.0.0.1:7402}}\n").orElseThrow();
    assertThat(both.api()).isTrue();
    assertThat(both.listen().orElseThrow().getPort()).isEqualTo(7402);
  }

  @Test
  @DisplayName("what is wrong is said")
  void wrong() {
    assertThat(lines(parse(GOOD + "compat: {handyrep: {api: perhaps, cluster: none}}\n")))
        .hasSize(2)
        .anyMatch(line -> line.contains("api"))
        .anyMatch(line -> line.contains("there is no cluster"));
  }
}
