package io.cotidal.objects.compare;

import io.cotidal.objects.compare.Agreed.Earlier;
import io.cotidal.objects.names.ObjectRow;
import io.cotidal.objects.names.Timestamp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One name at some sites, put together for a test. Times are small numbers; it is 1,000. */
final class Case {
  static final Timestamp NOW = new Timestamp(1_000);

  private final @Nullable ObjectRow[] rows;
  private SiteSet known;
  private SiteSet placed;
  private SiteSet joining = SiteSet.NONE;
  private @Nullable Agreed agreed;

  private Case(int sites) {
    rows = new ObjectRow[sites];
    known = SiteSet.first(sites);
    placed = known;
  }

  static Case of(int sites) {
    return new Case(sites);
  }

  static ObjectRow row(long written, String hash) {
    return ObjectRow.plain("x", new Timestamp(written), hash, hash.length());
  }

  static Agreed alive(long written, String hash, int... held) {
    return Agreed.alive(row(written, hash), SiteSet.of(held), List.of());
  }

  static Agreed tomb(long written, int... held) {
    return new Agreed(
        new Key("x", ""),
        new Timestamp(written),
        "h",
        1,
        false,
        new Timestamp(900),
        SiteSet.of(held),
        List.of());
  }

  static Earlier before(int site, long written) {
    return new Earlier(site, new Timestamp(written), true);
  }

  static Agreed with(Agreed row, Earlier... earlier) {
    return row.at(row.held(), List.of(earlier));
  }

  Case at(int site, long written, String hash) {
    rows[site] = row(written, hash);
    return this;
  }

  /** A version called 10, which may have been set aside. */
  Case version(int site, long written, String hash, boolean latest) {
    String name = new Timestamp(10).toString();
    rows[site] = new ObjectRow("x", new Timestamp(written), hash, 1, name, latest, false);
    return this;
  }

  Case unknown(int... sites) {
    known = known.minus(SiteSet.of(sites));
    return this;
  }

  Case leaving(int... sites) {
    placed = placed.minus(SiteSet.of(sites));
    return this;
  }

  Case joining(int... sites) {
    joining = SiteSet.of(sites);
    return this;
  }

  Case agreed(Agreed row) {
    agreed = row;
    return this;
  }

  Meeting meeting() {
    return new Meeting(new Key("x", ""), rows.clone(), known, agreed);
  }

  Verdict verdict() {
    Rules rules = new Rules(placed, joining, Duration.ofMillis(1));
    return Decision.of(meeting(), rules, NOW);
  }

  /** The verdict in short: {@code copy 50 {0}>{1}}, {@code delete {1} 11 if {0}}. */
  String says() {
    return switch (verdict()) {
      case Verdict.Equal _ -> "equal";
      case Verdict.Hold hold -> "hold " + hold.reason();
      case Verdict.Copy copy -> says(copy);
      case Verdict.Conflict conflict -> says(conflict.copy()) + lost(conflict.losers());
      case Verdict.Delete delete ->
          "delete "
              + delete.at()
              + " "
              + delete.stamp().steps()
              + (delete.verify().isEmpty() ? "" : " if " + delete.verify())
              + lost(delete.losers())
              + (delete.braked() ? " braked" : "");
    };
  }

  private static String says(Verdict.Copy copy) {
    return "copy "
        + copy.stamp().steps()
        + " "
        + copy.from()
        + ">"
        + copy.to()
        + (copy.posts().isEmpty() ? "" : " posts " + copy.posts())
        + (copy.joining().isEmpty() ? "" : " joining " + copy.joining());
  }

  private static String lost(List<Verdict.Loser> losers) {
    List<String> all = new ArrayList<>();
    losers.forEach(one ->
        all.add(
            one.site()
                + ":"
                + one.write().map(row -> "" + row.written().steps()).orElse("deletion")));
    return losers.isEmpty() ? "" : " loses " + all;
  }
}
