package io.cotidal.server.access;

import io.cotidal.model.Token;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets in whom a {@link SignIn} knows. A yes is remembered for seconds, a no never. Who guesses is
 * slowed down before anybody is asked, and however it failed, the caller is told the same.
 * Thread-safe.
 */
public final class PasswordLogins {
  private static final Logger log = LoggerFactory.getLogger(PasswordLogins.class);

  /** For how long a yes is not asked for again. */
  static final Duration REMEMBERED = Duration.ofSeconds(10);

  /** For how long a stream goes on after a yes. */
  static final Duration STREAM = Duration.ofMinutes(5);

  /** Wrong passwords of one name from one address within a minute. */
  static final int GUESSES = 10;

  private static final int MOST = 1_000;
  private static final int AT_ONCE = 4;
  private static final Duration TURN = Duration.ofSeconds(5);
  private static final Pattern USER = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,62}");

  private final SignIn people;
  private final InstantSource clock;
  private final Failures guesses;
  private final Semaphore turns = new Semaphore(AT_ONCE, true);
  private final String salt = Randoms.text();
  private final Map<String, Known> known =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
          return size() > MOST;
        }
      };

  private record Known(Token token, Instant until) {}

  /** Those of {@code people}. */
  public PasswordLogins(SignIn people, InstantSource clock) {
    this.people = people;
    this.clock = clock;
    this.guesses = new Failures(clock, GUESSES);
  }

  /**
   * A token that is in no store, for somebody who is known.
   *
   * @param address from where; empty if nobody can tell
   */
  public Optional<Token> check(BasicLogin login, String address) {
    String password = login.password().reveal();
    // Many a directory takes an empty password for an anonymous login, and says yes to it.
    if (!USER.matcher(login.user()).matches() || password.isEmpty() || password.indexOf(0) >= 0) {
      return Optional.empty();
    }
    String key = Randoms.hash(salt + login.user() + '\0' + password);
    Optional<Token> remembered = remembered(key);
    if (remembered.isPresent()) {
      return remembered;
    }
    String who = address + ' ' + login.user();
    if (guesses.reached(who)) {
      return Optional.empty();
    }
    Optional<SignIn.Grant> grant = asked(login);
    if (grant.isEmpty()) {
      guesses.tooMany(who);
      return Optional.empty();
    }
    Token token = token(login.user(), grant.get());
    synchronized (known) {
      known.put(key, new Known(token, clock.instant().plus(REMEMBERED)));
    }
    return Optional.of(token);
  }

  private Optional<Token> remembered(String key) {
    Instant now = clock.instant();
    synchronized (known) {
      known.values().removeIf(each -> !now.isBefore(each.until()));
      return Optional.ofNullable(known.get(key)).map(Known::token);
    }
  }

  private Optional<SignIn.Grant> asked(BasicLogin login) {
    try {
      if (!turns.tryAcquire(TURN.toMillis(), TimeUnit.MILLISECONDS)) {
        log.warn("event=sign-in-crowded user={}", login.user());
        return Optional.empty();
      }
      try {
        return people.check(login.user(), login.password());
      } finally {
        turns.release();
      }
    } catch (SignIn.Unavailable e) {
      log.warn("event=sign-in-unavailable user={} reason=\"{}\"", login.user(), e.getMessage());
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private Token token(String user, SignIn.Grant grant) {
    long now = ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
    long until = now + STREAM.toNanos() / 1_000;
    // No token of the store has a name with a colon.
    return new Token("user:" + user, "", grant.permission(), grant.scope(), now, until, now);
  }
}
