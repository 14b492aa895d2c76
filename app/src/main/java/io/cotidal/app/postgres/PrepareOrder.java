package io.cotidal.app.postgres;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The command line of {@code cot member prepare}.
 *
 * @param config the configuration's file; null if none was named
 * @param where the gate is to be, and its key's line
 * @param make whether it is to be done, and not only looked at
 */
record PrepareOrder(
    String cluster,
    String member,
    Optional<Login> login,
    Path identity,
    Path knownHosts,
    @Nullable Path config,
    Preparation.Where where,
    boolean make) {
  private static final Pattern MEMBER =
      Pattern.compile("postgres/([a-z0-9][a-z0-9._-]{0,62})/([a-z0-9][a-z0-9._-]{0,62})");
  private static final Pattern LOGIN =
      Pattern.compile("([a-z_][a-z0-9_-]{0,31})@([A-Za-z0-9.:-]{1,253}?)(?::([0-9]{1,5}))?");

  /** Whom to log in as. */
  record Login(String user, String host, Optional<Integer> port) {}

  /**
   * Reads it.
   *
   * @param home where the account's own SSH files are
   * @throws IllegalArgumentException if it makes no sense
   */
  static PrepareOrder parse(List<String> arguments, Path home) {
    @Nullable Matcher member = null;
    Optional<Login> login = Optional.empty();
    Path identity = home.resolve(".ssh/id_ed25519");
    Path known = home.resolve(".ssh/known_hosts");
    @Nullable Path config = null;
    Optional<Path> folder = Optional.empty();
    Optional<Path> keys = Optional.empty();
    boolean yes = false;
    boolean dry = false;
    Iterator<String> rest = arguments.iterator();
    while (rest.hasNext()) {
      String argument = rest.next();
      switch (argument) {
        case "--yes" -> yes = true;
        case "--dry-run" -> dry = true;
        case "--login" -> login = Optional.of(login(next(argument, rest)));
        case "--identity" -> identity = path(next(argument, rest));
        case "--known-hosts" -> known = path(next(argument, rest));
        case "--config" -> config = path(next(argument, rest));
        case "--gate" -> folder = Optional.of(path(next(argument, rest)));
        case "--authorized-keys" -> keys = Optional.of(path(next(argument, rest)));
        default -> {
          Matcher matcher = MEMBER.matcher(argument);
          if (member != null || !matcher.matches()) {
            throw new IllegalArgumentException("'" + argument + "' is not understood here");
          }
          member = matcher;
        }
      }
    }
    if (member == null) {
      throw new IllegalArgumentException("name the member: postgres/CLUSTER/MEMBER");
    }
    return new PrepareOrder(
        member.group(1),
        member.group(2),
        login,
        identity,
        known,
        config,
        new Preparation.Where(folder, keys),
        yes && !dry);
  }

  private static String next(String flag, Iterator<String> rest) {
    if (!rest.hasNext()) {
      throw new IllegalArgumentException(flag + " needs a value");
    }
    return rest.next();
  }

  private static Path path(String text) {
    return Path.of(text).toAbsolutePath().normalize();
  }

  private static Login login(String text) {
    Matcher matcher = LOGIN.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "--login '" + text + "': write user@host or user@host:port");
    }
    return new Login(
        matcher.group(1),
        matcher.group(2),
        Optional.ofNullable(matcher.group(3)).map(Integer::valueOf));
  }
}
