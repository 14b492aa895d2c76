package io.cotidal.feeds.plan;

import io.cotidal.engine.State;
import io.cotidal.feeds.job.Sort;
import io.cotidal.feeds.job.Subject;
import io.cotidal.feeds.observe.FeedsFacts;
import io.cotidal.model.Details;
import io.cotidal.model.Item;
import io.cotidal.model.ItemChange;
import io.cotidal.model.Lock;
import io.cotidal.model.MemberId;
import io.cotidal.model.Names;
import io.cotidal.model.Operation;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The rows of what is published, or could not be. Each names its subject; one subject, one row. */
public final class Jobs {
  /** The sort of items. */
  public static final String JOB = "job";

  /** It is as its row says. */
  public static final String PUBLISHED = "published";

  /** The last try failed; what was published before still is. */
  public static final String FAILING = "failing";

  /** Digest of the data that the database serves. */
  static final String DATA = "data";

  /** Digest of what GeoServer was told. */
  static final String FACE = "face";

  /** Digest of the last request to empty its tiles that was followed. */
  static final String EMPTIED = "emptied";

  /** Digest of data that a person rolled back from: it is not published again. */
  static final String HELD = "held";

  /** How often it failed in a row. */
  static final String ATTEMPTS = "attempts";

  /** When it failed last, in microseconds. */
  static final String TRIED = "tried";

  /** Why it failed last. */
  static final String REASON = "reason";

  private static final int LONGEST_PLAIN = 54;
  private static final int HASHED = 4;

  private final State<FeedsFacts> state;

  Jobs(State<FeedsFacts> state) {
    this.state = state;
  }

  /** The name of the subject's item: its key where that is a name, else one that no other has. */
  public static String name(Subject subject) {
    String plain = subject.sort().word() + "." + subject.title();
    String lower = plain.toLowerCase(Locale.ROOT);
    // A dash begins the hash of the others, eight digits long: a name that ends so is hashed too.
    if (lower.equals(plain) && Names.valid(plain) && !plain.matches(".*-[0-9a-f]{8}")) {
      return plain;
    }
    String stem = lower.replaceAll("[^a-z0-9_.-]", "_").replaceAll("\\.{2,}", ".");
    return stem.substring(0, Math.min(stem.length(), LONGEST_PLAIN)) + "-" + hash(subject.key());
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

  /** The subject that a key names. */
  public static Optional<Subject> subject(String key) {
    int slash = key.indexOf('/');
    if (slash < 0) {
      return Optional.empty();
    }
    String title = key.substring(slash + 1);
    return Sort.ofWord(key.substring(0, slash))
        .map(sort -> {
          int dot = title.indexOf('.');
          boolean whole = sort == Sort.WORKSPACE || !sort.foldered() || dot < 0;
          return whole
              ? new Subject(sort, title, "")
              : new Subject(sort, title.substring(0, dot), title.substring(dot + 1));
        });
  }

  /** The subject of a row. */
  static Subject subject(Item item) {
    return subject(item.facts().need(Acts.KEY)).orElseThrow();
  }

  List<Item> all() {
    return state.items(JOB);
  }

  Optional<Item> of(Subject subject) {
    return Optional.ofNullable(state.item(JOB, name(subject)));
  }

  /** Whether something is published by that row. */
  static boolean published(Item item) {
    return item.is(PUBLISHED) || item.facts().has(DATA) || item.facts().has(FACE);
  }

  /** The operation that works on the item now, if one does. */
  Optional<Operation> worker(String name) {
    return state.holding().filter(open -> name.equals(open.input().get(Acts.NAME, ""))).findFirst();
  }

  /** The entry under which a row keeps what a GeoServer showed after the last act. */
  static String print(MemberId server) {
    return "print." + server.name();
  }

  static List<Lock> lock(String name) {
    return List.of(new Lock("item:" + Item.key(JOB, name), true));
  }

  static ItemChange put(Subject subject, String state, Details changes) {
    return new ItemChange.Put(
        JOB, name(subject), "", state, changes.with(Acts.KEY, subject.key()), 0);
  }

  static ItemChange drop(Subject subject) {
    return new ItemChange.Drop(JOB, name(subject));
  }
}
