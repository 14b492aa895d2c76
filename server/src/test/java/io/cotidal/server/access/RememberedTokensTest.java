package io.cotidal.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.engine.TokenStore;
import io.cotidal.model.Permission;
import io.cotidal.model.Token;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
final class RememberedTokensTest {
  private static final Token ANN = new Token("ann", "hash", Permission.VIEWER, "*", 1, 2, 0);

  /** A store that can be asked, or not. */
  private static final class Moody implements TokenStore {
    private final Map<String, Token> tokens = new HashMap<>(Map.of("hash", ANN));
    private boolean down;
    private int asked;

    @Override
    public boolean add(Token token) {
      return tokens.putIfAbsent(token.hash(), token) == null;
    }

    @Override
    public Optional<Token> find(String hash) {
      asked++;
      if (down) {
        throw new IllegalStateException("the store is down");
      }
      return Optional.ofNullable(tokens.get(hash));
    }

    @Override
    public List<Token> list() {
      return List.copyOf(tokens.values());
    }

    @Override
    public boolean remove(String id) {
      return tokens.values().removeIf(token -> token.id().equals(id));
    }

    @Override
    public void used(String id, long micros) {}
  }

  private final Moody store = new Moody();
  private Instant now = Instant.EPOCH;
  private final RememberedTokens tokens = new RememberedTokens(store, () -> now);

  private void pass(Duration time) {
    now = now.plus(time);
  }

  @Test
  @DisplayName(
      "postgres/S10: with the store down, who was let in lately is known for ten minutes, and nobody else")
  void remembers() {
    assertThat(tokens.find("hash")).contains(ANN);
    store.down = true;
    assertThat(tokens.find("hash")).contains(ANN);
    assertThatThrownBy(() -> tokens.find("other")).hasMessage("the store is down");
    pass(Duration.ofMinutes(9));
    assertThat(tokens.find("hash")).contains(ANN);
    pass(Duration.ofMinutes(2));
    assertThatThrownBy(() -> tokens.find("hash")).hasMessage("the store is down");
  }

  @Test
  @DisplayName("a store that does not answer is asked now and then, not at each request")
  void spares() {
    assertThat(tokens.find("hash")).contains(ANN);
    store.down = true;
    for (int i = 0; i < 10; i++) {
      assertThat(tokens.find("hash")).contains(ANN);
    }
    assertThat(store.asked).isEqualTo(2);
    pass(Duration.ofSeconds(6));
    store.down = false;
    assertThat(tokens.find("hash")).contains(ANN);
    assertThat(store.asked).isEqualTo(3);
  }

  @Test
  @DisplayName("a store that answers is believed: what is removed is removed at once")
  void removed() {
    assertThat(tokens.find("hash")).contains(ANN);
    store.tokens.clear();
    assertThat(tokens.find("hash")).isEmpty();
    store.down = true;
    assertThatThrownBy(() -> tokens.find("hash")).hasMessage("the store is down");
    store.down = false;
    store.tokens.put("hash", ANN);
    assertThat(tokens.find("hash")).contains(ANN);
    assertThat(tokens.remove("ann")).isTrue();
    store.down = true;
    assertThatThrownBy(() -> tokens.find("hash")).hasMessage("the store is down");
  }
}
