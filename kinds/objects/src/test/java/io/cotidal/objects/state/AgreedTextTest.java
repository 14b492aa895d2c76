package io.cotidal.objects.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.model.MemberId;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.names.Timestamp;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
@DisplayName("what was agreed, as text")
final class AgreedTextTest {
  private static final ContainerName NAME = new ContainerName("AUTH_té", "c \"d\"\\\n😀");

  private static String text(Random random) {
    List<String> pieces = List.of("a", "\"", "\\", "é", "\n", "😀", "\u2028", "", "x-y", "{", "0");
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(6); i > 0; i--) {
      text.append(pieces.get(random.nextInt(pieces.size())));
    }
    return text.toString();
  }

  private static Imprint imprint(Random random) {
    TreeMap<String, String> shown = new TreeMap<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      shown.put(text(random), text(random));
    }
    return new Imprint(shown);
  }

  private static Agreed agreed(Random random) {
    TreeMap<MemberId, Agreed.Base> bases = new TreeMap<>();
    for (String site : List.of("a", "b.c", "d-1")) {
      switch (random.nextInt(3)) {
        case 0 -> bases.put(new MemberId(site), new Agreed.Base.Gone());
        case 1 ->
            bases.put(
                new MemberId(site),
                new Agreed.Base.Held(
                    imprint(random),
                    random.nextBoolean() ? Optional.of(imprint(random)) : Optional.empty(),
                    text(random),
                    text(random),
                    text(random),
                    random.nextBoolean()));
        default -> {
          // It never had it.
        }
      }
    }
    Agreed.Form form =
        random.nextBoolean()
            ? new Agreed.Form.Live(imprint(random))
            : new Agreed.Form.Tombstone(new Timestamp(random.nextLong(900_000_000_000_000L)));
    return new Agreed(form, text(random), bases);
  }

  @Test
  @DisplayName("it reads back as it was written, on one line, whatever it says")
  void roundTrip() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 500; i++) {
      Agreed agreed = agreed(random);
      String text = AgreedText.write(NAME, agreed);
      assertThat(text).as("seed " + seed).doesNotContain("\n");
      assertThat(AgreedText.read(NAME, text)).as("seed " + seed).isEqualTo(agreed);
    }
  }

  @Test
  @DisplayName("one that is cut off anywhere, of another container or another version is refused")
  void refused() {
    String text = AgreedText.write(NAME, agreed(new Random(7)));
    for (int i = 0; i < text.length(); i++) {
      String cut = text.substring(0, i);
      assertThatThrownBy(() -> AgreedText.read(NAME, cut))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> AgreedText.read(new ContainerName("AUTH_té", "c"), text))
        .hasMessage("belongs to another container");
    Map.of(
            "\"version\":1", "\"version\":2",
            "{\"version\"", "{\"more\":1,\"version\"",
            "\"sites\":{", "\"sites\":{\"E\":\"gone\",",
            "\"key\":", "\"key\":1,\"key\":")
        .forEach((part, instead) -> {
          assertThat(text).contains(part);
          assertThatThrownBy(() ->
                  AgreedText.read(
                      NAME,
                      text.replaceFirst(Pattern.quote(part), Matcher.quoteReplacement(instead))))
              .isInstanceOf(IllegalArgumentException.class);
        });
    assertThatThrownBy(() -> AgreedText.read(NAME, text + "{}"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
