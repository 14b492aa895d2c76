package io.cotidal.feeds.plan;

import io.cotidal.feeds.job.Subject;
import io.cotidal.feeds.job.Thing;
import io.cotidal.feeds.observe.FeedsFacts;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.model.Item;
import java.util.Map;
import java.util.Optional;

/**
 * What the view of a table reads, and what is to be done that it reads what it should.
 *
 * @param load whether the table must be loaded
 * @param generation a kept generation that holds the wanted data; empty if none does, or if the
 *     view reads it already
 * @param data digest of what the view reads afterwards; empty if there is no table
 * @param before generation that it reads now, as far as is known; empty if none
 * @param unnoted whether the view reads what it should and the row says otherwise
 * @param drifted whether somebody else changed what the view reads
 * @param reason why something is to be done; empty if nothing is
 */
record Reading(
    boolean load,
    String generation,
    String data,
    String before,
    boolean unnoted,
    boolean drifted,
    String reason) {

  private static final Reading NONE = new Reading(false, "", "", "", false, false, "");

  /** Whether the view must read something else. */
  boolean swaps() {
    return load || !generation.isEmpty();
  }

  /** This, with the view left as it is. */
  Reading left() {
    return new Reading(false, "", data, before, false, false, "");
  }

  static Reading of(Picture picture, Subject subject, Thing.Wish.Publish wish) {
    Optional<String> target = picture.target(subject, wish);
    return target.isEmpty() ? NONE : of(picture, picture.item(subject), wish, target.get());
  }

  private static Reading of(
      Picture picture, Optional<Item> item, Thing.Wish.Publish wish, String target) {
    boolean same = Jobs.fact(item, Acts.TARGET).equals(target);
    String row = same ? Jobs.fact(item, Jobs.DATA) : "";
    Optional<FeedsFacts.Served> served = picture.served(target);
    // A look from before the last operation shows what was before: the row knows better then.
    boolean fresh = !same || picture.fresh(FeedsSpec.DATABASE, item);
    String serving = fresh ? served.map(FeedsFacts.Served::digest).orElse("") : row;
    String before =
        fresh
            ? served.map(FeedsFacts.Served::generation).orElse("")
            : Jobs.fact(item, Acts.GENERATION);
    boolean held = Jobs.fact(item, Jobs.HELD).equals(wish.data()) && !row.isEmpty();
    String data = held ? row : wish.data();
    if (serving.equals(data)) {
      boolean unnoted = !row.equals(data);
      return new Reading(
          false, "", data, before, unnoted, false, unnoted ? "what its view reads is new" : "");
    }
    String kept = kept(picture, target, data);
    if (held && kept.isEmpty()) {
      // What it was held at is gone: what somebody lets it read stays, and no view is no choice.
      data = serving.isEmpty() ? wish.data() : serving;
      kept = serving.isEmpty() ? kept(picture, target, data) : "";
    }
    if (serving.equals(data)) {
      return new Reading(false, "", data, before, false, false, "");
    }
    boolean drifted = row.equals(data);
    String reason =
        drifted
            ? "the view does not read what it was given"
            : serving.isEmpty() ? "its table is new" : "its data changed";
    return new Reading(kept.isEmpty(), kept, data, before, false, drifted, reason);
  }

  private static String kept(Picture picture, String target, String data) {
    return picture.kept(target).entrySet().stream()
        .filter(entry -> entry.getValue().equals(data))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse("");
  }
}
