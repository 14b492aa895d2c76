package io.cotidal.objects.names;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("names and times as Swift writes them")
final class TimestampTest {
  @Test
  @DisplayName("a header and a listing of one write say the same time")
  void same() {
    Timestamp header = Timestamp.parse("1716000000.12345");
    assertThat(header).isEqualTo(Timestamp.listed("2024-05-18T02:40:00.123450"));
    assertThat(header).hasToString("1716000000.12345");
    assertThat(Timestamp.parse("1716000000.12345_00000000000000a1")).isEqualTo(header);
    assertThat(Timestamp.of(header.instant())).isEqualTo(header);
    assertThat(header.next()).hasToString("1716000000.12346");
    assertThat(header.next().after(header)).isTrue();
    assertThat(Timestamp.parse("7")).hasToString("0000000007.00000");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "1716000000,1", "99999999999", "now", "1e9", "1.1234567890"})
  @DisplayName("what is no time is refused")
  void refused(String text) {
    assertThatThrownBy(() -> Timestamp.parse(text)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Timestamp.listed(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  @DisplayName("names sort as their bytes do, whatever they are made of")
  void order() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<String> pieces = List.of("a", "b", "/", ".", "é", "�", "￿", "𐀀", "😀", "z", "");
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      StringBuilder name = new StringBuilder();
      for (int j = random.nextInt(5); j >= 0; j--) {
        name.append(pieces.get(random.nextInt(pieces.size())));
      }
      names.add(name.toString());
    }
    for (int i = 0; i < 399; i++) {
      String a = names.get(i);
      String b = names.get(i + 1);
      int bytes =
          Arrays.compareUnsigned(
              a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
      assertThat(Integer.signum(Encoded.compare(a, b)))
          .as("seed %d: %s and %s", seed, a, b)
          .isEqualTo(Integer.signum(bytes));
    }
  }

  @Test
  @DisplayName("a path keeps every byte of a name")
  void encoded() {
    assertThat(Encoded.path("../dots//x a%2Fb;p=1é"))
        .isEqualTo("../dots//x%20a%252Fb%3Bp%3D1%C3%A9");
    assertThat(new ContainerName("AUTH_test", "a b").path()).isEqualTo("/AUTH_test/a%20b");
    assertThatThrownBy(() -> new ContainerName("AUTH_test", "a/b"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
