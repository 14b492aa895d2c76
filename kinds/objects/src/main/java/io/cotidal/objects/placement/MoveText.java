package io.cotidal.objects.placement;

import io.cotidal.model.MemberId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Collectors;

/** What a change of the rules would move, in lines for people. */
public final class MoveText {
  /** So many containers are named. */
  private static final int NAMED = 20;

  private MoveText() {}

  /**
   * The lines.
   *
   * @param speed of what is copied, as far as it is known
   */
  public static List<String> of(Move move, Speed speed) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "placement: %d containers would move, %d stay where they are"
            .formatted(move.containers().size(), move.resting()));
    move.arriving()
        .forEach(
            (site, amount) -> lines.add("to " + site + ": " + said(amount) + time(speed, amount)));
    move.leaving()
        .forEach((site, amount) ->
            lines.add(
                "left at " + site + ": " + said(amount) + ", kept until a withdrawal is approved"));
    move.containers().stream().limit(NAMED).forEach(way -> lines.add(line(way)));
    if (move.containers().size() > NAMED) {
      lines.add("and %d containers more".formatted(move.containers().size() - NAMED));
    }
    return lines;
  }

  private static String line(Move.Of way) {
    List<String> parts = new ArrayList<>();
    way.copied().forEach((site, amount) -> parts.add(said(amount) + " to " + site));
    if (!way.withdrawn().isEmpty()) {
      parts.add("left at " + names(way.withdrawn()));
    }
    return way.name() + ": " + String.join(", ", parts);
  }

  private static String names(SortedMap<MemberId, Amount> sites) {
    return sites.keySet().stream().map(MemberId::toString).collect(Collectors.joining(" and "));
  }

  private static String said(Amount amount) {
    return "%d objects (%d bytes)".formatted(amount.objects(), amount.bytes());
  }

  private static String time(Speed speed, Amount amount) {
    return speed
        .time(amount)
        .map(Duration::toSeconds)
        .map(seconds -> ", %d s at least at bytes-per-second".formatted(seconds))
        .orElse("");
  }
}
