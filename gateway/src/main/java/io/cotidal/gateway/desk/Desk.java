package io.cotidal.gateway.desk;

import io.cotidal.gateway.door.Doorkeeper;
import io.cotidal.gateway.door.Head;
import io.cotidal.gateway.door.Ruling;
import io.cotidal.gateway.outbox.Outbox;
import io.cotidal.gateway.placing.Placings;
import io.cotidal.gateway.relay.Probe;
import io.cotidal.gateway.relay.Relay;
import io.cotidal.gateway.request.Hygiene;
import io.cotidal.gateway.request.Wish;
import io.cotidal.model.MemberId;
import io.cotidal.objects.placing.Placing;
import io.cotidal.objects.spec.Promise;
import java.time.Duration;
import java.util.function.Predicate;

/** Judges requests of clients of one site. Thread-safe. */
public final class Desk implements Doorkeeper {
  private static final int UNAVAILABLE = 503;

  private final Place place;
  private final Placings placings;
  private final Means means;

  /**
   * Where it stands.
   *
   * @param here its site
   * @param kept which accounts are the same at all sites; what happens to others is that site's own
   */
  public record Place(MemberId here, Predicate<String> kept) {}

  /**
   * With what a request is followed.
   *
   * @param asking so long this site may take to say what a container was
   * @param patience so long a client waits for other sites, at most
   */
  public record Means(Outbox outbox, Relay relay, Probe probe, Duration asking, Duration patience) {
    /** So long a site may take to say what a container was, if nothing is said. */
    public static final Duration ASKING = Duration.ofSeconds(2);

    /** So long a client waits for other sites, if nothing is said. */
    public static final Duration PATIENCE = Duration.ofSeconds(10);
  }

  /** Before that site. */
  public Desk(Place place, Placings placings, Means means) {
    this.place = place;
    this.placings = placings;
    this.means = means;
  }

  @Override
  public Ruling judge(Head head) {
    Placing placing = placings.now();
    if (!placing.serves(place.here())) {
      return new Ruling.Refuse(
          UNAVAILABLE, "this site holds copies only and serves no clients: use another one");
    }
    Head clean = Hygiene.clean(head);
    return switch (Wish.of(head)) {
      case Wish.Plain _ -> new Ruling.Pass(clean);
      case Wish.Change change ->
          carried(change)
              ? new Ruling.Watched(
                  clean,
                  new Changing(change.subject(), change.verb(), promise(placing, change), means))
              : new Ruling.Pass(clean);
    };
  }

  /** An account is deleted where somebody deletes it, and nowhere else: all in it goes with it. */
  private boolean carried(Wish.Change change) {
    if (!place.kept().test(change.subject().account())) {
      return false;
    }
    return change.subject().container().isPresent() || change.verb() != Wish.Verb.DELETE;
  }

  private static Promise promise(Placing placing, Wish.Change change) {
    return change.subject().container().map(placing::promise).orElseGet(placing::usual);
  }
}
