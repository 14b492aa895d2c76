package io.cotidal.store;

import io.cotidal.model.Actor;
import io.cotidal.model.Details;
import io.cotidal.model.Pause;
import java.util.Optional;

/** A pause as the text in a resource's column; an empty object if there is none. */
final class PauseColumn {
  private PauseColumn() {}

  static String text(Optional<Pause> pause) {
    return Codec.details(
        pause
            .map(each ->
                Details.of("since", each.sinceMicros())
                    .with("until", each.untilMicros())
                    .with("actor", each.actor().name())
                    .with("reason", each.reason()))
            .orElse(Details.NONE));
  }

  static Optional<Pause> pause(String text) {
    Details details = Codec.details(text);
    return details.has("since")
        ? Optional.of(
            new Pause(
                Long.parseLong(details.need("since")),
                Long.parseLong(details.need("until")),
                new Actor(details.need("actor")),
                details.need("reason")))
        : Optional.empty();
  }
}
