package io.cotidal.postgres.plan.cluster;

import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.postgres.acts.Acts;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What operations have committed about a cluster.
 *
 * <p>Invariant: every commit that this primary ever acknowledged waited for {@code k} of a list
 * that {@code quorum} contains, or was acknowledged while {@code k} was 0; and every commit
 * acknowledged before its time was on its disk when it was promoted. So among {@code quorum.size()
 * - k + 1} members of {@code quorum} that {@link #counts} one holds every acknowledged commit. The
 * list is widened here before it is widened on the server, and narrowed here after.
 *
 * @param primary the member that was made primary last
 * @param timeline that its promotion began; 0 if unknown
 * @param baseTimeline the timeline that it had followed until its promotion
 * @param basePosition how far it had followed that
 * @param quorum members that acknowledged commits may have waited for
 * @param k for how many of them; 0 if commits do not wait
 * @param members all members that were set up
 * @param doubts members whose history may have parted from the primary's, and why
 */
public record Ledger(
    Optional<MemberId> primary,
    long timeline,
    long baseTimeline,
    long basePosition,
    List<MemberId> quorum,
    int k,
    List<MemberId> members,
    SortedMap<MemberId, Doubt> doubts) {

  /** Why a member's history may have parted from the primary's. The words are journalled. */
  public enum Doubt {
    /**
     * It was primary before. It may follow if the primary's history takes it in; the server can
     * tell. Once it is on the primary's own timeline it has been taken in: whoever may have begun
     * that number elsewhere is {@link #NOMINATED} or {@link #DIVERGED}.
     */
    FORMER,
    /**
     * It was to be promoted, and nobody knows whether it was. Its timeline may have the primary's
     * number and be another one; the server cannot tell, so it must be copied anew. A journal may
     * say this of a member that was never nominated, too, where {@link #DIVERGED} is meant: what
     * follows from the two words differs only for the ledger's own primary, which is never
     * diverged.
     */
    NOMINATED,
    /**
     * It may have followed a timeline that has the primary's number and is another one; nobody
     * nominated it. The server cannot tell either, so it must be copied anew.
     */
    DIVERGED;

    private boolean mustBeCopied() {
      return switch (this) {
        case FORMER -> false;
        case NOMINATED, DIVERGED -> true;
      };
    }
  }

  private static final String PRIMARY = "primary";
  private static final String TIMELINE = "timeline";
  private static final String BASE_TIMELINE = "base-timeline";
  private static final String BASE_POSITION = "base-position";
  private static final String QUORUM = "quorum";
  private static final String K = "k";
  private static final String MEMBERS = "members";
  private static final String DOUBT = "doubt.";

  /** Reads what operations have written. */
  public static Ledger of(Details entries) {
    SortedMap<MemberId, Doubt> doubts = new TreeMap<>();
    for (Map.Entry<String, String> entry : entries.entries().tailMap(DOUBT).entrySet()) {
      if (!entry.getKey().startsWith(DOUBT)) {
        break;
      }
      doubts.put(
          new MemberId(entry.getKey().substring(DOUBT.length())), Doubt.valueOf(entry.getValue()));
    }
    return new Ledger(
        entries.find(PRIMARY).map(MemberId::new),
        Long.parseLong(entries.get(TIMELINE, "0")),
        Long.parseLong(entries.get(BASE_TIMELINE, "0")),
        Long.parseLong(entries.get(BASE_POSITION, "0")),
        split(entries.get(QUORUM, "")),
        Integer.parseInt(entries.get(K, "0")),
        split(entries.get(MEMBERS, "")),
        doubts);
  }

  /**
   * Entries that say who is primary, and that nothing guards it yet; the timeline is the one that
   * the promotion's evidence names.
   */
  public static Details primary(MemberId member, long baseTimeline, long basePosition) {
    return Details.of(PRIMARY, member)
        .with(TIMELINE, "@" + Acts.TIMELINE)
        .with(BASE_TIMELINE, baseTimeline)
        .with(BASE_POSITION, basePosition)
        .with(GuardWord.NONE);
  }

  /** Entries that say for whom commits wait. */
  public static Details quorum(Collection<MemberId> list, int k) {
    return Details.of(QUORUM, join(list)).with(K, k);
  }

  /** Entries that say who was set up. */
  public static Details members(Collection<MemberId> list) {
    return Details.of(MEMBERS, join(list));
  }

  /** Entries that cast doubt on a member. */
  public static Details doubt(MemberId member, Doubt doubt) {
    return Details.of(DOUBT + member, doubt);
  }

  /** Entries that lift the doubt on members. */
  public static Details trust(Collection<MemberId> list) {
    Details entries = Details.NONE;
    for (MemberId member : list) {
      entries = entries.with(DOUBT + member, "");
    }
    return entries;
  }

  /**
   * How many members of {@link #quorum} must tell their position before one of them may be chosen.
   */
  public int needed() {
    return k == 0 ? Math.min(1, quorum.size()) : quorum.size() - k + 1;
  }

  /**
   * Whether a member that got so far has everything that the primary had when it was promoted: it
   * has followed the primary's own timeline, or the one before up to where the primary left it, and
   * no doubt stands against that.
   */
  public boolean counts(
      MemberId member, long itsTimeline, long itsPosition, boolean inSpiteOfDoubt) {
    Doubt doubt = doubts.get(member);
    // Nobody but the primary could have led a former one, and no other, on to this timeline.
    boolean ledOn = doubt == Doubt.FORMER && itsTimeline == timeline;
    if (doubt != null && !ledOn && !inSpiteOfDoubt) {
      return false;
    }
    return itsTimeline == timeline || (itsTimeline == baseTimeline && itsPosition >= basePosition);
  }

  /**
   * Whether the member must be copied anew: no server could tell its history from the primary's.
   */
  public boolean mustBeCopied(MemberId member) {
    Doubt doubt = doubts.get(member);
    return doubt != null && doubt.mustBeCopied();
  }

  /** Comma-separated names, in alphabetical order. */
  public static String join(Collection<MemberId> members) {
    return members.stream().sorted().map(MemberId::name).collect(Collectors.joining(","));
  }

  /** The members of a comma-separated list. */
  public static List<MemberId> split(String list) {
    if (list.isEmpty()) {
      return List.of();
    }
    // By hand: the ledger is read at every look, and this is most of the reading.
    List<MemberId> members = new ArrayList<>(4);
    int from = 0;
    for (int comma = list.indexOf(','); comma >= 0; comma = list.indexOf(',', from)) {
      members.add(new MemberId(list.substring(from, comma)));
      from = comma + 1;
    }
    members.add(new MemberId(list.substring(from)));
    return Collections.unmodifiableList(members);
  }
}
