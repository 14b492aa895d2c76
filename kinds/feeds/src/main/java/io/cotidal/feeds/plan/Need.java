package io.cotidal.feeds.plan;

import io.cotidal.feeds.job.Sort;
import io.cotidal.feeds.job.Subject;
import io.cotidal.feeds.job.Thing;
import io.cotidal.feeds.observe.FeedsFacts;
import io.cotidal.model.Item;
import io.cotidal.model.MemberId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What is to be done so that one thing is published as its job says: the difference between the
 * wish, its row, and what the latest looks saw.
 *
 * @param table what the view is to read
 * @param left tables that it had before, under other names, and that are to go; parted by blanks
 * @param prepare whether schemas, grants or roles must be made
 * @param show GeoServers that must be told
 * @param changed whether what a GeoServer knows of the table may be old
 * @param empty whether its tiles must go although nothing else changed
 * @param reason why, for people; empty if nothing is to be done
 * @param drift what somebody else changed, for people; empty if nobody did
 */
record Need(
    Reading table,
    String left,
    boolean prepare,
    List<MemberId> show,
    boolean changed,
    boolean empty,
    String reason,
    String drift) {

  /** The print of a thing that was shown, when nobody could say how. */
  static final String TOLD = "told";

  Need {
    show = List.copyOf(show);
  }

  /** Whether anything is to be done. */
  boolean any() {
    return !reason.isEmpty();
  }

  /** The difference; rests on a database that was seen, if tables are published here. */
  static Need of(Picture picture, Thing thing, Thing.Wish.Publish wish) {
    Subject subject = thing.subject();
    Optional<Item> item = picture.item(subject);
    List<String> reasons = new ArrayList<>();
    Reading table = Reading.of(picture, subject, wish);
    if (!table.reason().isEmpty() && !table.drifted()) {
      reasons.add(table.reason());
    }
    boolean told = Jobs.fact(item, Jobs.FACE).equals(Asks.face(wish));
    if (!told) {
      reasons.add(
          Jobs.fact(item, Jobs.FACE).isEmpty() ? "it is new" : "what is shown of it changed");
    }
    boolean empty =
        !wish.emptied().isEmpty() && !Jobs.fact(item, Jobs.EMPTIED).equals(wish.emptied());
    if (empty) {
      reasons.add("its tiles are to be made anew");
    }
    String left = left(picture, subject, wish, item);
    // As long as one does not answer it may show the old one, which stays.
    if (!left.isEmpty() && picture.silent(picture.servers()).isEmpty()) {
      reasons.add("its table is not " + left + " any more");
    }
    boolean everybody = !reasons.isEmpty();
    String ungranted = picture.granting(wish) ? Jobs.fact(item, Acts.UNGRANTED) : "";
    if (!ungranted.isEmpty()) {
      reasons.add("what the roles file grants upon it is missing: " + ungranted);
    }
    if (reasons.isEmpty() && item.map(row -> row.is(Jobs.FAILING)).orElse(false)) {
      reasons.add("what failed is not asked for any more");
    }
    List<String> drifts = new ArrayList<>(table.drifted() ? List.of(table.reason()) : List.of());
    String lacking = item.isPresent() ? picture.lacking(subject, wish) : "";
    boolean workspace = subject.sort() == Sort.WORKSPACE;
    if (workspace && told && !lacking.isEmpty()) {
      drifts.add("somebody dropped schema " + lacking);
    }
    List<MemberId> drifted = new ArrayList<>();
    List<MemberId> show = new ArrayList<>();
    if (picture.shown(wish)) {
      for (MemberId server : picture.servers()) {
        String print = Jobs.fact(item, Jobs.print(server));
        if (everybody) {
          show.add(server);
        } else if (print.isEmpty()) {
          show.add(server);
          reasons.add(server + " has not been told");
        } else {
          drift(picture, subject, server, item)
              .ifPresent(what -> {
                drifted.add(server);
                drifts.add(what);
              });
        }
      }
    }
    // A view that is only read again finds its schema; a table that is loaded makes its own.
    boolean prepares = !table.load() && (workspace || table.swaps()) && !lacking.isEmpty();
    // What is published anyhow is brought to what its job says as a whole.
    boolean repairs = picture.spec().pace().repair() || !reasons.isEmpty();
    if (repairs) {
      reasons.addAll(drifts);
      show = table.swaps() && picture.shown(wish) ? picture.servers() : union(show, drifted);
    }
    return new Need(
        repairs || !table.drifted() ? table : table.left(),
        left,
        (!told && picture.prepared(wish)) || !ungranted.isEmpty() || (repairs && prepares),
        show,
        table.swaps() || table.unnoted() || untold(picture, item),
        empty,
        String.join(", ", reasons),
        String.join(", ", drifts));
  }

  /** Whether a GeoServer was away when the table may have changed. */
  private static boolean untold(Picture picture, Optional<Item> item) {
    return picture.servers().stream()
        .anyMatch(server -> Jobs.fact(item, Jobs.print(server)).isEmpty());
  }

  private static List<MemberId> union(List<MemberId> one, List<MemberId> other) {
    List<MemberId> both = new ArrayList<>(one);
    both.addAll(other);
    return both;
  }

  /** Tables that it had under other names, and that no other job has now. */
  private static String left(
      Picture picture, Subject subject, Thing.Wish.Publish wish, Optional<Item> item) {
    String had = Jobs.fact(item, Acts.TARGET) + " " + Jobs.fact(item, Jobs.LEFT);
    if (!picture.spec().tables() || had.isBlank()) {
      return "";
    }
    String target = picture.target(subject, wish).orElse("");
    return Jobs.words(had).stream()
        .filter(table -> !table.equals(target) && !picture.others(table, subject))
        .distinct()
        .collect(Collectors.joining(" "));
  }

  /** What somebody changed at a GeoServer, if a look since the row was written saw it. */
  private static Optional<String> drift(
      Picture picture, Subject subject, MemberId server, Optional<Item> item) {
    if (subject.sort() == Sort.ROLES || !picture.fresh(server, item)) {
      return Optional.empty();
    }
    Optional<FeedsFacts.GeoServer> looked = picture.geoserver(server);
    if (looked.isEmpty()) {
      return Optional.empty();
    }
    String key = subject.key();
    if (!looked.get().present().contains(key)) {
      return Optional.of(server + " has it no more");
    }
    String told = Jobs.fact(item, Jobs.print(server));
    String print = looked.get().prints().getOrDefault(key, told);
    return print.equals(told) || told.equals(TOLD)
        ? Optional.empty()
        : Optional.of("somebody changed what " + server + " shows of it");
  }
}
