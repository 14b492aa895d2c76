package io.cotidal.feeds.plan;

import io.cotidal.feeds.job.Subject;
import io.cotidal.feeds.job.Thing;
import io.cotidal.feeds.observe.FeedsFacts;
import java.util.List;
import java.util.Map;

/**
 * What of a look is news, and what of it an approval rests on. Everything that a plan can depend on
 * is news. But an approval rests only on which jobs there are: while others make their way, while
 * their data come and GeoServers are read piece by piece, it holds. What it was given for is
 * checked again when it begins.
 *
 * @param text what an approval rests on
 * @param news everything that can change a plan, compared by {@code equals}
 */
record Essence(String text, Object news) {
  static Essence of(FeedsFacts facts) {
    return switch (facts) {
      case FeedsFacts.Repository seen ->
          new Essence("jobs " + jobs(seen), List.of(seen.head(), seen.applied(), said(seen)));
      case FeedsFacts.Database seen -> new Essence("tables", seen);
      case FeedsFacts.GeoServer seen ->
          new Essence("shown", Map.of("present", seen.present(), "prints", seen.prints()));
    };
  }

  private static String jobs(FeedsFacts.Repository seen) {
    StringBuilder text = new StringBuilder();
    for (Map.Entry<Subject, Thing> entry : seen.things().entrySet()) {
      Subject subject = entry.getKey();
      text.append(subject.sort().word()).append('/').append(subject.title());
      text.append(
          switch (entry.getValue().wish()) {
            case Thing.Wish.Remove _ -> "-";
            case Thing.Wish.Refused _ -> "!";
            case Thing.Wish.Unread _ -> "?";
            case Thing.Wish.Publish _ -> "+";
          });
    }
    return Digests.of(text.append(seen.excluded().keySet()).toString());
  }

  /** All that the repository says, but for what filters see of it. */
  private static Object said(FeedsFacts.Repository seen) {
    StringBuilder text = new StringBuilder();
    for (Map.Entry<Subject, Thing> entry : seen.things().entrySet()) {
      switch (entry.getValue().wish()) {
        case Thing.Wish.Remove _, Thing.Wish.Refused _ -> {}
        case Thing.Wish.Unread unread -> text.append(unread.documents());
        case Thing.Wish.Publish wish ->
            text.append(wish.data())
                .append(wish.face())
                .append(wish.emptied())
                .append(Way.offered(wish))
                .append('\n');
      }
    }
    return List.of(
        Digests.of(text.toString()),
        seen.excluded(),
        seen.troubles(),
        seen.trouble(),
        seen.unreadable());
  }

  /** The part that goes into the basis of a plan. */
  @Override
  public String toString() {
    return text;
  }
}
