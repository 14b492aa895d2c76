package io.cotidal.feeds.plan;

import io.cotidal.feeds.job.Sort;
import io.cotidal.feeds.job.Subject;
import io.cotidal.feeds.job.Thing;
import io.cotidal.feeds.observe.FeedsFacts;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.model.Item;
import io.cotidal.model.MemberId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is to be done so that one thing is published as its job says: the difference between the
 * wish, its row, and what the latest looks saw.
 *
 * @param load whether its table must be loaded
 * @param generation a kept generation that holds the wanted data; empty if none does, or if the
 *     view reads it already
 * @param prepare whether schemas, grants or roles must be made
 * @param show GeoServers that must be told
 * @param empty whether its tiles must go although nothing else changed
 * @param reason why, for people; empty if nothing is to be done
 */
record Need(
    boolean load,
    String generation,
    boolean prepare,
    List<MemberId> show,
    boolean empty,
    String reason) {
  Need {
    show = List.copyOf(show);
  }

  /** Whether anything is to be done. */
  boolean any() {
    return !reason.isEmpty();
  }

  /** What the view will read anew. */
  boolean swaps() {
    return load || !generation.isEmpty();
  }

  /** The difference; rests on a database that was seen, if tables are published here. */
  static Need of(Picture picture, Thing thing, Thing.Wish.Publish wish) {
    Subject subject = thing.subject();
    Optional<Item> item = picture.item(subject);
    List<String> reasons = new ArrayList<>();
    Optional<String> target = picture.target(subject, wish);
    boolean swap = target.isPresent() && data(picture, subject, wish, target.get(), reasons);
    String kept =
        swap
            ? picture.kept(target.orElseThrow()).entrySet().stream()
                .filter(entry -> entry.getValue().equals(wish.data()))
                .map(entry -> entry.getKey())
                .findFirst()
                .orElse("")
            : "";
    String face = item.map(row -> row.facts().get(Jobs.FACE, "")).orElse("");
    boolean told = face.equals(wish.face());
    if (!told) {
      reasons.add(item.isEmpty() ? "it is new" : "what is shown of it changed");
    }
    boolean empty = !wish.emptied().isEmpty() && !emptied(item).equals(wish.emptied());
    if (empty) {
      reasons.add("its tiles are to be made anew");
    }
    List<MemberId> show =
        picture.shown(wish)
            ? show(picture, subject, item, !told || swap || empty, reasons)
            : List.of();
    return new Need(
        swap && kept.isEmpty(),
        kept,
        !told && picture.prepared(wish),
        show,
        empty,
        String.join(", ", reasons));
  }

  private static String emptied(Optional<Item> item) {
    return item.map(row -> row.facts().get(Jobs.EMPTIED, "")).orElse("");
  }

  private static boolean data(
      Picture picture,
      Subject subject,
      Thing.Wish.Publish wish,
      String target,
      List<String> reasons) {
    Optional<Item> item = picture.item(subject);
    String row = item.map(found -> found.facts().get(Jobs.DATA, "")).orElse("");
    // A look from before the last operation shows what was before: the row knows better then.
    String serving =
        picture.fresh(FeedsSpec.DATABASE, subject)
            ? picture.served(target).map(FeedsFacts.Served::digest).orElse("")
            : row;
    boolean held =
        item.map(found -> found.facts().get(Jobs.HELD, "")).orElse("").equals(wish.data())
            && !serving.isEmpty();
    if (serving.equals(wish.data()) || held) {
      return false;
    }
    reasons.add(
        row.equals(wish.data())
            ? "the view does not read what it was given"
            : serving.isEmpty() ? "its table is new" : "its data changed");
    return true;
  }

  /** Who must be told: all if something changed; else those that lack it, or show it otherwise. */
  private static List<MemberId> show(
      Picture picture,
      Subject subject,
      Optional<Item> item,
      boolean everybody,
      List<String> reasons) {
    List<MemberId> show = new ArrayList<>();
    for (MemberId server : picture.servers()) {
      String told = item.map(row -> row.facts().get(Jobs.print(server), "")).orElse("");
      if (everybody) {
        show.add(server);
      } else if (told.isEmpty()) {
        show.add(server);
        reasons.add(server + " has not been told");
      } else {
        drift(picture, subject, server, told)
            .ifPresent(what -> {
              show.add(server);
              reasons.add(what);
            });
      }
    }
    return show;
  }

  /** What somebody changed at a GeoServer, if a look since the last act saw it. */
  static Optional<String> drift(Picture picture, Subject subject, MemberId server, String told) {
    if (!listed(subject.sort()) || !picture.fresh(server, subject)) {
      return Optional.empty();
    }
    return picture
        .geoserver(server)
        .flatMap(seen -> {
          if (!seen.present().contains(subject.key())) {
            return Optional.of(server + " has it no more");
          }
          String print = seen.prints().getOrDefault(subject.key(), told);
          return print.equals(told)
              ? Optional.empty()
              : Optional.of("somebody changed what " + server + " shows of it");
        });
  }

  private static boolean listed(Sort sort) {
    return sort != Sort.RULES && sort != Sort.ROLES;
  }
}
