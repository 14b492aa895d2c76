package io.cotidal.server.access;

import io.cotidal.engine.TokenStore;
import io.cotidal.model.Names;
import io.cotidal.model.Permission;
import io.cotidal.model.Secret;
import io.cotidal.model.Token;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Pattern;

/** Issues tokens and recognises them. Only a hash is ever kept. Thread-safe. */
public final class Credentials {
  /** The longest life of a token. */
  public static final Duration LONGEST = Duration.ofDays(3650);

  /** Last use is remembered no finer than this, so that reading does not become writing. */
  private static final Duration COARSE = Duration.ofMinutes(5);

  private static final Pattern FORM = Pattern.compile("cot_[A-Za-z0-9_-]{43}");
  private static final Pattern SCOPE =
      Pattern.compile("\\*|[a-z0-9][a-z0-9._-]{0,62}/(\\*|[a-z0-9][a-z0-9._-]{0,62})");

  private final TokenStore store;
  private final InstantSource clock;

  private final PasswordLogins passwords;

  /** Tokens of {@code store}, by the time of {@code clock}; nobody has a password. */
  public Credentials(TokenStore store, InstantSource clock) {
    this(store, clock, SignIn.NONE);
  }

  /** The same, and people with passwords. */
  public Credentials(TokenStore store, InstantSource clock, SignIn people) {
    this.store = store;
    this.clock = clock;
    this.passwords = new PasswordLogins(people, clock);
  }

  /**
   * A token as issued.
   *
   * @param secret shown once, to the one who asked for it
   */
  public record Issued(Token token, Secret secret) {}

  /**
   * Makes a token and keeps its hash.
   *
   * @param id its public name, by the grammar of {@link Names}
   * @param scope {@code *}, {@code kind/*} or {@code kind/name}
   * @param life from now on; at most {@link #LONGEST}
   * @return empty if a token of that id exists
   * @throws IllegalArgumentException with the reason in one line, if a part does not fit
   */
  public Optional<Issued> issue(String id, Permission permission, String scope, Duration life) {
    Names.check("token id", id);
    if (!SCOPE.matcher(scope).matches() || scope.contains("..")) {
      throw new IllegalArgumentException("scope '" + scope + "': write *, kind/* or kind/name");
    }
    if (life.compareTo(Duration.ZERO) <= 0 || life.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("a token lives 1 to " + LONGEST.toDays() + " days");
    }
    String secret = "cot_" + Randoms.text();
    long now = micros();
    long expires = now + life.toNanos() / 1000;
    Token token = new Token(id, Randoms.hash(secret), permission, scope, now, expires, 0);
    return store.add(token) ? Optional.of(new Issued(token, new Secret(secret))) : Optional.empty();
  }

  /** The token whose secret this is, if there is one and it has not expired. */
  public Optional<Token> check(String secret) {
    return FORM.matcher(secret).matches() ? byHash(Randoms.hash(secret)) : Optional.empty();
  }

  /**
   * Whom a name and a password prove: a token as the password, whatever the name, or somebody whom
   * another system knows.
   *
   * @param address from where; empty if nobody can tell
   */
  public Optional<Token> check(BasicLogin login, String address) {
    String secret = login.password().reveal();
    return FORM.matcher(secret).matches() ? check(secret) : passwords.check(login, address);
  }

  /**
   * Whether {@code token}, recognised before, still lets its holder in. One that is in no store
   * does until it expires.
   */
  public boolean stillHolds(Token token) {
    return token.hash().isEmpty()
        ? micros() < token.expiresMicros()
        : byHash(token.hash()).isPresent();
  }

  /** The token of that hash, if there still is one and it has not expired. */
  Optional<Token> byHash(String hash) {
    long now = micros();
    Optional<Token> token =
        store
            .find(hash)
            .filter(found -> Randoms.equal(found.hash(), hash))
            .filter(found -> now < found.expiresMicros());
    token
        .filter(found -> now - found.lastUsedMicros() > COARSE.toNanos() / 1000)
        .ifPresent(found -> store.used(found.id(), now));
    return token;
  }

  private long micros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
  }
}
