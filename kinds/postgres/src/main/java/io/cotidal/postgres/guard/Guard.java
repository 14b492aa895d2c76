package io.cotidal.postgres.guard;

import io.cotidal.model.MemberId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A guard as its session's name shows it: which leadership it listens to, for how long it holds
 * without a sign, and on whom it counts.
 *
 * @param epoch the leadership whose looks it takes for a sign
 * @param lease for how long one sign holds, to the millisecond
 * @param print of the replicas that vouch for the primary if they all stream from it
 */
public record Guard(long epoch, Duration lease, String print) {
  /**
   * How long after its lease a guard must have acted: for its own rounds, for the clock's
   * hundredths, and for clocks of unequal pace.
   */
  public static final Duration MARGIN = Duration.ofMillis(300);

  /** What the name of every guard's session begins with. */
  public static final String WORDS = "cotidal guard ";

  private static final Pattern NAME =
      Pattern.compile(WORDS + "(\\d{1,18}) (\\d{1,9}) ([0-9a-f]{16})");

  /** The guard that counts on {@code replicas}. */
  public static Guard of(long epoch, Duration lease, Collection<MemberId> replicas) {
    return new Guard(epoch, Duration.ofMillis(lease.toMillis()), print(replicas));
  }

  /** What a session of that name is; empty if it is no guard. */
  public static Optional<Guard> read(String name) {
    Matcher found = NAME.matcher(name);
    return found.matches()
        ? Optional.of(
            new Guard(
                Long.parseLong(found.group(1)),
                Duration.ofMillis(Long.parseLong(found.group(2))),
                found.group(3)))
        : Optional.empty();
  }

  /** The name of its session, short enough for the server to keep whole. */
  public String name() {
    return WORDS + epoch + " " + lease.toMillis() + " " + print;
  }

  /** Sixteen characters for a list of names, which would not fit. */
  private static String print(Collection<MemberId> replicas) {
    String names = replicas.stream().map(MemberId::name).sorted().collect(Collectors.joining(","));
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(names.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
