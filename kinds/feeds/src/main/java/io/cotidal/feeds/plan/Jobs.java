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
import io.cotidal.model.Moment;
import io.cotidal.model.Names;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The rows of what is published, or could not be. Each names its subject; one subject, one row. */
public final class Jobs {
  /** The sort of items. */
  public static final String JOB = "job";

  /** Its first publication has begun, and did not end yet. */
  public static final String BEGUN = "begun";

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

  /** When the row was written, by both clocks: a look that began before shows what was before. */
  static final String NOTED = "noted";

  /**
   * {@code schema.table} of tables that it had before, parted by blanks, and that are still to go.
   */
  static final String LEFT = "left";

  /** How the table of an offer of deltas was made; empty if there was none. */
  static final String MADE = "made";

  private static final int LONGEST_REASON = 500;
  private static final int LONGEST_PLAIN = 54;
  private static final int HASHED = 8;

  private final State<FeedsFacts> state;

  Jobs(State<FeedsFacts> state) {
    this.state = state;
  }

  /** The name of the subject's item: its key where that is a name, else one that no other has. */
  public static String name(Subject subject) {
    String plain = subject.sort().word() + "." + subject.title();
    String lower = plain.toLowerCase(Locale.ROOT);
    // A dash begins the hash of the others, eight digits long: a name that ends so is hashed too.
    if (lower.equals(plain) && Names.valid(plain) && !endsHashed(plain)) {
      return plain;
    }
    String stem = lower.replaceAll("[^a-z0-9_.-]", "_").replaceAll("\\.{2,}", ".");
    return stem.substring(0, Math.min(stem.length(), LONGEST_PLAIN))
        + "-"
        + Digests.of(subject.key()).substring(0, HASHED);
  }

  private static boolean endsHashed(String name) {
    int dash = name.length() - HASHED - 1;
    return dash >= 0
        && name.charAt(dash) == '-'
        && name.chars()
            .skip(dash + 1L)
            .allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
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

  /** Whether something is published by that row. */
  static boolean published(Item item) {
    return item.is(PUBLISHED) || item.facts().has(DATA) || item.facts().has(FACE);
  }

  /** The entry under which a row keeps what a GeoServer showed after the last act. */
  static String print(MemberId server) {
    return "print." + server.name();
  }

  /** The words of a text, parted by blanks. */
  static List<String> words(String text) {
    return Arrays.stream(text.split(" ")).filter(word -> !word.isEmpty()).toList();
  }

  /** The facts of a row; none if it is null. */
  static Details facts(@Nullable Item row) {
    return row == null ? Details.NONE : row.facts();
  }

  /** A fact of a row that may not be there; empty without one. */
  static String fact(Optional<Item> row, String name) {
    return row.isPresent() ? row.get().facts().get(name, "") : "";
  }

  /** What a row says of a failure. */
  static Details failed(Optional<Item> row, String ask, String why, Moment now) {
    long attempts = row.map(item -> number(item, ATTEMPTS)).orElse(0L);
    boolean same = fact(row, Acts.ASK).equals(ask);
    String reason = cut(why);
    return Details.of(ATTEMPTS, same ? attempts + 1 : 1)
        .with(TRIED, now.micros())
        .with(REASON, reason)
        .with(Acts.ASK, ask);
  }

  /** As much of a reason as a row keeps. */
  static String cut(String why) {
    String some = why.length() > LONGEST_REASON ? why.substring(0, LONGEST_REASON) : why;
    // A value that begins with the mark of a reference would be taken for one.
    return some.startsWith("@") ? " " + some : some;
  }

  /** What a row says no more once it went well. */
  static Details well() {
    return Details.of(ATTEMPTS, "").with(TRIED, "").with(REASON, "").with(Acts.ASK, "");
  }

  /** What a row says no more once it is to be tried at once. */
  static Details retried() {
    return Details.of(ATTEMPTS, "").with(TRIED, "");
  }

  /** A number in a row; 0 if it is not there. */
  static long number(Item row, String name) {
    String text = row.facts().get(name, "");
    return text.isEmpty() ? 0 : Long.parseLong(text);
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
