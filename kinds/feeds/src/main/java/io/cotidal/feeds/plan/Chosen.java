package io.cotidal.feeds.plan;

import io.cotidal.feeds.job.Subject;
import io.cotidal.feeds.job.Thing;
import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import java.util.List;

/**
 * What one publication has decided to do, as its journal keeps it: whoever takes it over does the
 * same.
 */
record Chosen(Details entries) {
  private static final String LOAD = "load";
  private static final String SHOWS = "shows";
  private static final String LATER = "later";
  private static final String BEFORE = "before";
  private static final String WAYS = "ways";
  private static final String OFFERED = "offered";

  /**
   * The choice.
   *
   * @param number of the operation: a generation that it makes is named after it
   */
  static Chosen of(Picture picture, Thing thing, Thing.Wish.Publish wish, long number) {
    Subject subject = thing.subject();
    Need need = Need.of(picture, thing, wish);
    boolean together = picture.spec().pace().together();
    List<MemberId> shows =
        need.show().stream()
            .filter(server -> together || picture.geoserver(server).isPresent())
            .toList();
    List<MemberId> later = need.show().stream().filter(each -> !shows.contains(each)).toList();
    boolean held = !need.table().data().equals(wish.data());
    return new Chosen(
        Details.of(LOAD, need.table().load())
            .with(Acts.GENERATION, need.table().load() ? "g" + number : need.table().generation())
            .with(BEFORE, need.table().before())
            .with(WAYS, need.table().load() ? Way.text(Way.all(picture, subject, wish)) : "")
            .with(OFFERED, need.table().load() && !Way.offered(wish).isEmpty())
            .with(Acts.TARGET, picture.target(subject, wish).orElse(""))
            .with(Acts.PREPARE, need.prepare())
            .with(Acts.EMPTY, need.empty())
            .with(Acts.CHANGED, need.changed())
            .with(SHOWS, names(shows))
            .with(LATER, names(later))
            .with(Jobs.LEFT, need.left())
            .with(Jobs.DATA, need.table().data())
            .with(Jobs.HELD, held ? wish.data() : "")
            .with(Jobs.FACE, Asks.face(wish))
            .with(Jobs.EMPTIED, wish.emptied()));
  }

  private static String names(List<MemberId> servers) {
    return String.join(" ", servers.stream().map(MemberId::name).toList());
  }

  private List<MemberId> servers(String entry) {
    return Jobs.words(get(entry)).stream().map(MemberId::new).toList();
  }

  String get(String entry) {
    return entries.get(entry, "");
  }

  boolean is(String entry) {
    return Boolean.parseBoolean(get(entry));
  }

  boolean loads() {
    return is(LOAD);
  }

  /** How its generation may be made by deltas, the cheapest first. */
  List<Way> ways() {
    return Way.read(get(WAYS));
  }

  /** Whether its job named deltas, of use or not. */
  boolean offered() {
    return is(OFFERED);
  }

  boolean swaps() {
    return !generation().isEmpty();
  }

  String generation() {
    return get(Acts.GENERATION);
  }

  String target() {
    return get(Acts.TARGET);
  }

  /** The generation that the view read before; empty if there was none. */
  String before() {
    return get(BEFORE);
  }

  /** Tables of before that are to go. */
  List<String> left() {
    return Jobs.words(get(Jobs.LEFT));
  }

  /** GeoServers that are told. */
  List<MemberId> shows() {
    return servers(SHOWS);
  }

  /** GeoServers that did not answer, and are told another time. */
  List<MemberId> later() {
    return servers(LATER);
  }
}
