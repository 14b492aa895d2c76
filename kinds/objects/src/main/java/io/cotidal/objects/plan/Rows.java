package io.cotidal.objects.plan;

import io.cotidal.engine.State;
import io.cotidal.model.Details;
import io.cotidal.model.Item;
import io.cotidal.model.ItemChange;
import io.cotidal.model.Lock;
import io.cotidal.model.Names;
import io.cotidal.objects.observe.ObjectsFacts;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The rows of containers that could not be made equal. A container has none while nothing is left
 * to do for it.
 */
final class Rows {
  /** The sort of items. */
  static final String CONTAINER = "container";

  /** Something is left to do, and is tried again. */
  static final String LEFT = "left";

  /** How often it was tried in a row. */
  static final String ATTEMPTS = "attempts";

  /** When it was tried last, in microseconds. */
  static final String TRIED = "tried";

  private static final int LONGEST_STEM = 40;
  private static final int HASHED = 8;
  private static final long FIRST_PAUSE = 2_000_000L;
  private static final long LONGEST_PAUSE = 300_000_000L;
  private static final int MOST_DOUBLINGS = 20;

  private Rows() {}

  /** The name of a container's item; no other container has it. */
  static String name(String account, String container) {
    String stem =
        (account + "." + container)
            .toLowerCase(java.util.Locale.ROOT)
            .replaceAll("[^a-z0-9_-]+", ".")
            .replaceFirst("^[._-]+", "");
    String shown = stem.substring(0, Math.min(stem.length(), LONGEST_STEM));
    return Names.check(
        "item name", (shown + "-" + hash(account + "/" + container)).replaceFirst("^-", "x-"));
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, HASHED);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The claim on a container. */
  static Lock lock(Details input) {
    return new Lock(
        CONTAINER + ":" + name(input.need(Acts.ACCOUNT), input.need(Acts.CONTAINER)), true);
  }

  /** The row of a container, if it has one. */
  static Optional<Item> find(State<ObjectsFacts> state, String account, String container) {
    return Optional.ofNullable(state.item(CONTAINER, name(account, container)));
  }

  /** A try more that left something. */
  static ItemChange left(Details input, Optional<Item> before, Details evidence, long nowMicros) {
    long attempts = before.map(row -> number(row, ATTEMPTS)).orElse(0L) + 1;
    return new ItemChange.Put(
        CONTAINER,
        name(input.need(Acts.ACCOUNT), input.need(Acts.CONTAINER)),
        "",
        LEFT,
        Details.of(Acts.ACCOUNT, input.need(Acts.ACCOUNT))
            .with(Acts.CONTAINER, input.need(Acts.CONTAINER))
            .with(Acts.WHY, evidence.get(Acts.WHY, "unknown"))
            .with(Acts.HELD, evidence.get(Acts.HELD, "0"))
            .with(ATTEMPTS, attempts)
            .with(TRIED, nowMicros),
        0);
  }

  /** Nothing is left. */
  static ItemChange gone(Details input) {
    return new ItemChange.Drop(
        CONTAINER, name(input.need(Acts.ACCOUNT), input.need(Acts.CONTAINER)));
  }

  /** Wall time, in microseconds, before which a row is not tried again. */
  static long until(Item row, long now) {
    long tried = number(row, TRIED);
    long doublings = Math.max(0, Math.min(number(row, ATTEMPTS) - 1, MOST_DOUBLINGS));
    long until = tried + Math.min(LONGEST_PAUSE, FIRST_PAUSE << doublings);
    // A clock that stepped back must not make the pause longer than it is.
    return now < tried ? now : until;
  }

  /** A number that a row keeps; 0 if it keeps none. */
  static long number(Item row, String name) {
    return row.facts().find(name).map(Long::parseLong).orElse(0L);
  }
}
