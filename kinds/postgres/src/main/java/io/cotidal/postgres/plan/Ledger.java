package io.cotidal.postgres.plan;

import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What operations have committed about a cluster.
 *
 * <p>Invariant: every commit that was ever acknowledged waited for {@code k} of a list that {@code
 * quorum} contains, or was acknowledged while {@code k} was 0. So any {@code quorum.size() - k + 1}
 * members of {@code quorum} together hold every acknowledged commit. The list is widened here
 * before it is widened on the server, and narrowed here after.
 *
 * @param primary the member that was made primary last
 * @param quorum members that acknowledged commits may have waited for
 * @param k for how many of them; 0 if commits do not wait
 * @param members all members that were set up
 */
public record Ledger(
    Optional<MemberId> primary, List<MemberId> quorum, int k, List<MemberId> members) {
  private static final String PRIMARY = "primary";
  private static final String QUORUM = "quorum";
  private static final String K = "k";
  private static final String MEMBERS = "members";

  /** Copies the lists. */
  public Ledger {
    quorum = List.copyOf(quorum);
    members = List.copyOf(members);
  }

  /** Reads what operations have written. */
  public static Ledger of(Details entries) {
    return new Ledger(
        entries.find(PRIMARY).map(MemberId::new),
        split(entries.get(QUORUM, "")),
        Integer.parseInt(entries.get(K, "0")),
        split(entries.get(MEMBERS, "")));
  }

  /** Entries that say who is primary. */
  static Details primary(MemberId member) {
    return Details.of(PRIMARY, member);
  }

  /** Entries that say for whom commits wait. */
  static Details quorum(Collection<MemberId> list, int k) {
    return Details.of(QUORUM, join(list)).with(K, k);
  }

  /** Entries that say who was set up. */
  static Details members(Collection<MemberId> list) {
    return Details.of(MEMBERS, join(list));
  }

  /**
   * How many members of {@link #quorum} must tell their position before one of them may be chosen.
   */
  int needed() {
    return k == 0 ? Math.min(1, quorum.size()) : quorum.size() - k + 1;
  }

  /** Comma-separated names, in alphabetical order. */
  static String join(Collection<MemberId> members) {
    return members.stream().sorted().map(MemberId::name).collect(Collectors.joining(","));
  }

  /** The members of a comma-separated list. */
  static List<MemberId> split(String list) {
    return list.isEmpty()
        ? List.of()
        : Arrays.stream(list.split(",", -1)).map(MemberId::new).toList();
  }
}
