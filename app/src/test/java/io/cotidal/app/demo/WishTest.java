package io.cotidal.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(10)
class WishTest {
  @Test
  void withoutArgumentsTheDemoItself() {
    assertThat(Wish.of(List.of())).contains(new Wish(Wish.What.LIVE, OptionalInt.empty()));
  }

  @Test
  void aPortCanBeNamed() {
    assertThat(Wish.of(List.of("tour", "--port", "7401")))
        .contains(new Wish(Wish.What.TOUR, OptionalInt.of(7401)));
  }

  @Test
  void helpWinsOverEverything() {
    assertThat(Wish.of(List.of("break", "--help")).orElseThrow().what()).isEqualTo(Wish.What.HELP);
  }

  @ParameterizedTest
  @ValueSource(strings = {"brake", "--port", "--port 0", "--port 65536", "--port x", "--fast"})
  void everythingElseIsNotUnderstood(String line) {
    assertThat(Wish.of(List.of(line.split(" ")))).isEmpty();
  }
}
