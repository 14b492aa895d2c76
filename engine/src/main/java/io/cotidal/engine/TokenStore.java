package io.cotidal.engine;

import io.cotidal.model.Token;
import java.util.List;
import java.util.Optional;

/** Where tokens are kept. Thread-safe. */
public interface TokenStore {
  /**
   * Adds a token.
   *
   * @return false if one of that id exists; nothing changes then
   */
  boolean add(Token token);

  /** The token with that hash, expired or not. */
  Optional<Token> find(String hash);

  /** All tokens, by id. */
  List<Token> list();

  /** Forgets a token; false if there is none of that id. */
  boolean remove(String id);

  /** Remembers that the token was used. */
  void used(String id, long micros);
}
