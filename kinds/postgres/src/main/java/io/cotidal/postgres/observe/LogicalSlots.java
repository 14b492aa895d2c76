package io.cotidal.postgres.observe;

import java.util.ArrayList;
import java.util.List;

/**
 * A server's logical replication slots, and how it stands to those of its primary.
 *
 * @param decodes whether {@code wal_level} is {@code logical} in force
 * @param synchronises whether {@code sync_replication_slots} is on; never before PostgreSQL 17
 * @param feedback whether {@code hot_standby_feedback} is on
 * @param awaited {@code synchronized_standby_slots} as in force: for whom subscribers wait
 * @param slots those that last: no temporary ones
 */
public record LogicalSlots(
    boolean decodes, boolean synchronises, boolean feedback, String awaited, List<Slot> slots) {
  /** The first version that keeps copies of them on standbys. */
  public static final int SINCE = 170_000;

  /** Of a server of which nothing of the kind is known. */
  public static final LogicalSlots NONE = new LogicalSlots(false, false, false, "", List.of());

  /** Copies the list. */
  public LogicalSlots {
    slots = List.copyOf(slots);
  }

  /**
   * One of them.
   *
   * @param plugin what makes messages of changes there
   * @param database of which it tells the changes
   * @param failover whether standbys are to keep a copy of it
   * @param synced whether it is such a copy, good enough to go on from
   * @param lost whether what it needs is gone
   * @param confirmed byte position up to which its reader has it all
   */
  public record Slot(
      String name,
      String plugin,
      String database,
      boolean failover,
      boolean synced,
      boolean lost,
      long confirmed) {}

  /**
   * Names of the slots of which standbys are to keep a copy. On a primary that was a standby before
   * they still say that they are copies.
   */
  public List<String> marked() {
    return slots.stream().filter(Slot::failover).map(Slot::name).toList();
  }

  /** Names of those that a standby has from a time as a primary: no copies of its primary's. */
  public List<String> left() {
    return slots.stream()
        .filter(slot -> slot.failover() && !slot.synced())
        .map(Slot::name)
        .toList();
  }

  /** Whether this server could go on with the slot of that name as a primary. */
  public boolean keeps(String name) {
    return slots.stream()
        .anyMatch(slot -> slot.name().equals(name) && slot.synced() && !slot.lost());
  }

  /** What of it can change a plan or what is said. */
  public Object essence() {
    List<Object> parts = new ArrayList<>(List.of(decodes, synchronises, feedback, awaited));
    slots.forEach(slot -> parts.add(slot.name() + slot.failover() + slot.synced() + slot.lost()));
    return parts;
  }
}
