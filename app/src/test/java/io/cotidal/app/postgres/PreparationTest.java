package io.cotidal.app.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.postgres.reach.Places;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class PreparationTest {
  private static final String KEY =
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJZ2d5m0x5hHn0v4c8s0rH1v4iN3qkz1Qm0m1o2p3q4r";
  private static final Places PLACES = new Places(Path.of("/srv/b"), Path.of("/usr/bin"));
  private static final Preparation.Where HOME =
      new Preparation.Where(Optional.empty(), Optional.empty());

  @Test
  @DisplayName("the script looks unless it is told to make")
  void mode() {
    Preparation preparation = new Preparation("postgres", "b@orders", PLACES, KEY, HOME);
    assertThat(preparation.script(false)).startsWith("mode='look'\naccount='postgres'\n");
    assertThat(preparation.script(true)).startsWith("mode='make'\n");
  }

  @Property
  void nothingHostileIsSent(@ForAll String text) {
    for (List<String> words :
        List.of(
            List.of(text, "b@orders", KEY),
            List.of("postgres", text, KEY),
            List.of("postgres", "b@orders", text))) {
      try {
        String script =
            new Preparation(words.get(0), words.get(1), PLACES, words.get(2), HOME).script(true);
        assertThat(text).doesNotContain("'", "\n", "$", "`", "\\");
        assertThat(script).contains("'" + text + "'");
      } catch (IllegalArgumentException e) {
        assertThat(e).hasMessageContaining("form");
      }
    }
  }

  @Test
  @DisplayName("paths that a shell could take for more are refused")
  void paths() {
    for (String path : List.of("/srv/a b", "/srv/$HOME", "/srv/'x", "/srv/ä", "/srv/a\nb")) {
      assertThatThrownBy(() ->
              new Preparation(
                  "postgres", "b@orders", new Places(Path.of(path), Path.of("/bin")), KEY, HOME))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
