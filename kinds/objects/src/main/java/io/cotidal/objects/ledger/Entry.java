package io.cotidal.objects.ledger;

import io.cotidal.objects.compare.Key;
import io.cotidal.objects.compare.SiteSet;
import io.cotidal.objects.compare.Verdict;
import io.cotidal.objects.compare.Verdict.Loser;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.names.ObjectRow;
import io.cotidal.objects.names.Timestamp;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * One thing that was discarded. It is written before that is done, so it may be written more than
 * once, always with the same {@code id}.
 *
 * @param id of what was discarded: the same whenever that is found
 * @param at when it was found
 * @param version empty where listings are without versions
 * @param site whose it was
 * @param lost the write; empty if it is a deletion that was overruled, of which nobody knows the
 *     time
 * @param stays what came in its place; empty if that is a deletion
 * @param stamp the time of what stays
 */
public record Entry(
    String id,
    Instant at,
    ContainerName container,
    String name,
    String version,
    String site,
    Optional<Write> lost,
    Optional<Write> stays,
    Timestamp stamp) {
  /** A write: when, and of what. */
  public record Write(Timestamp written, String hash, long bytes) {
    static Write of(ObjectRow row) {
      return new Write(row.written(), row.hash(), row.bytes());
    }
  }

  /**
   * What a verdict discards: to be in the ledger before anything is done.
   *
   * @param deleted sites that have nothing when asked for the newest. An overruled deletion is only
   *     believed there
   */
  public static List<Entry> of(About about, Verdict verdict, SiteSet deleted) {
    return switch (verdict) {
      case Verdict.Conflict conflict ->
          entries(
              about,
              conflict.losers().stream()
                  .filter(one -> one.write().isPresent() || deleted.has(one.site()))
                  .toList(),
              Optional.of(Write.of(conflict.copy().winner())),
              conflict.copy().stamp());
      case Verdict.Delete delete ->
          entries(about, delete.losers(), Optional.empty(), delete.stamp());
      case Verdict.Copy _, Verdict.Equal _, Verdict.Hold _ -> List.of();
    };
  }

  /**
   * What is judged, and when.
   *
   * @param sites by name, in the order in which verdicts count them
   */
  public record About(ContainerName container, List<String> sites, Key key, Instant at) {
    /** Copies the list. */
    public About {
      sites = List.copyOf(sites);
    }
  }

  private static List<Entry> entries(
      About about, List<Loser> losers, Optional<Write> stays, Timestamp stamp) {
    List<Entry> all = new ArrayList<>();
    for (Loser loser : losers) {
      String site = about.sites().get(loser.site());
      Optional<Write> lost = loser.write().map(Write::of);
      // A write is the same wherever it was copied to; a deletion is known by what overruled it.
      String what =
          lost.map(write -> write.written() + " " + write.hash()).orElse(site + " - " + stamp);
      all.add(
          new Entry(
              id(about, what),
              about.at(),
              about.container(),
              about.key().name(),
              about.key().version(),
              site,
              lost,
              stays,
              stamp));
    }
    return all;
  }

  private static String id(About about, String what) {
    Key key = about.key();
    String all = String.join("\0", about.container().toString(), key.name(), key.version(), what);
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(all.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 12);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
