package io.cotidal.objects.compare;

import io.cotidal.objects.compare.Agreed.Earlier;
import io.cotidal.objects.compare.Verdict.Loser;
import io.cotidal.objects.names.ObjectRow;
import io.cotidal.objects.names.Timestamp;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of one name at a site that the container leaves. It may only go there if every site
 * that is to have it shows and has confirmed what was agreed on, and if nothing is there that
 * nobody has weighed. What is agreed on is turned before it is deleted: from then on its absence
 * there is no deletion, whatever a listing shows and whenever the deletion of ours comes to be
 * done.
 */
public sealed interface Parting {
  /** Nothing is there, and nobody misses anything. */
  record Nothing() implements Parting {}

  /**
   * It cannot go now: a comparison has to see to it first.
   *
   * @param reason in one line
   */
  record Stays(String reason) implements Parting {}

  /**
   * It may go.
   *
   * @param row what the site shows
   * @param before what is agreed on if the site says that a client changed it meanwhile
   * @param turned what is to be agreed on before it is deleted
   * @param stamp under which time it is deleted: later than what is there and than every deletion
   *     of ours that may be under way, and earlier than what a client does from now on
   * @param latest whether it is what is agreed on, and not an older one
   * @param losers for the ledger, before it is deleted: a write that nobody has heard of; mostly
   *     empty
   */
  record Goes(
      ObjectRow row,
      Agreed before,
      Agreed turned,
      Timestamp stamp,
      boolean latest,
      List<Loser> losers)
      implements Parting {
    /** Copies the list. */
    public Goes {
      losers = List.copyOf(losers);
    }

    /**
     * The same once more, when the site says that nothing is there: either an answer of it was
     * lost, or a client deleted it. Who writes it under {@link #probe} learns which: only a
     * client's deletion is later, and refuses it.
     */
    public Goes again(int leaving) {
      Timestamp next = probe().next();
      return new Goes(row, before, given(turned, leaving, next), next, latest, losers);
    }

    /** Later than our deletion, and earlier than that of a client. */
    public Timestamp probe() {
      return stamp.next();
    }
  }

  /**
   * Decides it.
   *
   * @param placed the sites that are to have it
   * @param leaving that which is to give it up; none of {@code placed}
   */
  static Parting of(Meeting meeting, SiteSet placed, int leaving) {
    if (!meeting.known().holds(placed.with(leaving))) {
      return new Stays("a site could not be read to its end");
    }
    Agreed agreed = meeting.agreed();
    ObjectRow row = meeting.row(leaving);
    if (row == null) {
      return agreed != null && !agreed.gone() && agreed.held().has(leaving)
          ? new Stays("it was deleted there: that is to be carried on first")
          : new Nothing();
    }
    Optional<String> wrong = wrong(meeting, placed, row, agreed);
    if (wrong.isPresent() || agreed == null) {
      return new Stays(wrong.orElse("nothing is agreed on about it"));
    }
    boolean latest = agreed.is(row);
    Agreed before = back(agreed, leaving, row, latest);
    Earlier gave = agreed.earlier(leaving);
    if (gave != null && !gave.present() && gave.written().after(row.written())) {
      return new Goes(row, before, agreed, gave.written(), latest, List.of());
    }
    Timestamp stamp = row.written().next();
    Agreed turned = given(agreed, leaving, stamp);
    boolean tie = row.written().equals(agreed.written());
    if (!latest && (tie || row.written().after(agreed.seen(leaving)))) {
      List<Loser> unheard = List.of(new Loser(leaving, Optional.of(row)));
      return new Goes(row, agreed, turned, stamp, false, unheard);
    }
    return new Goes(row, before, turned, stamp, latest, List.of());
  }

  private static Optional<String> wrong(
      Meeting meeting, SiteSet placed, ObjectRow row, @Nullable Agreed agreed) {
    if (!meeting.key().version().isEmpty()) {
      return Optional.of("it is a version");
    }
    if (agreed == null || agreed.gone() || row.written().after(agreed.written())) {
      return Optional.of("it was written there: that is to be carried on first");
    }
    boolean everywhere = !placed.isEmpty() && agreed.held().holds(placed);
    for (long rest = placed.bits(); rest != 0; rest &= rest - 1) {
      ObjectRow there = meeting.row(Long.numberOfTrailingZeros(rest));
      everywhere &= there != null && agreed.is(there);
    }
    return everywhere ? Optional.empty() : Optional.of("it is not at every site of the rules yet");
  }

  private static Agreed given(Agreed agreed, int leaving, Timestamp stamp) {
    return agreed.at(agreed.held().without(leaving), with(agreed, leaving, stamp, false));
  }

  private static Agreed back(Agreed agreed, int leaving, ObjectRow row, boolean latest) {
    return latest
        ? agreed.at(
            agreed.held().with(leaving),
            agreed.earlier().stream().filter(one -> one.site() != leaving).toList())
        : agreed.at(agreed.held(), with(agreed, leaving, row.written(), true));
  }

  private static List<Earlier> with(
      Agreed agreed, int leaving, Timestamp written, boolean present) {
    List<Earlier> all = new ArrayList<>(agreed.earlier());
    all.removeIf(one -> one.site() == leaving);
    all.add(new Earlier(leaving, written, present));
    all.sort(Comparator.comparingInt(Earlier::site));
    return all;
  }
}
