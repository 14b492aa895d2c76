package io.cotidal.server.fake;

import io.cotidal.engine.TokenStore;
import io.cotidal.model.Token;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Tokens in memory. */
public final class MemoryTokens implements TokenStore {
  private final Map<String, Token> byId = new ConcurrentHashMap<>();

  @Override
  public boolean add(Token token) {
    return byId.putIfAbsent(token.id(), token) == null;
  }

  @Override
  public Optional<Token> find(String hash) {
    return byId.values().stream().filter(token -> token.hash().equals(hash)).findFirst();
  }

  @Override
  public List<Token> list() {
    return byId.values().stream().sorted(Comparator.comparing(Token::id)).toList();
  }

  @Override
  public boolean remove(String id) {
    return byId.remove(id) != null;
  }

  @Override
  public void used(String id, long micros) {
    byId.computeIfPresent(
        id,
        (_, old) ->
            new Token(
                old.id(),
                old.hash(),
                old.permission(),
                old.scope(),
                old.createdMicros(),
                old.expiresMicros(),
                micros));
  }
}
