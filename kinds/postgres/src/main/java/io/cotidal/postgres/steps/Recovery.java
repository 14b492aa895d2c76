package io.cotidal.postgres.steps;

import io.cotidal.engine.snapshot.RecoveryTarget;
import io.cotidal.model.Details;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** The settings of a recovery that ends at a target. Pure. */
final class Recovery {
  private static final String TARGET = "recovery_target";

  /** What only a recovery needs, to be taken away after it. */
  static final List<String> SETTINGS =
      List.of(
          Archiving.FETCH,
          TARGET,
          TARGET + "_action",
          TARGET + "_inclusive",
          TARGET + "_lsn",
          TARGET + "_name",
          TARGET + "_time",
          TARGET + "_timeline",
          TARGET + "_xid");

  private Recovery() {}

  /** Whether a setting of that name lets a recovery stop; no standby of ours has one. */
  static boolean stops(String setting) {
    return setting.startsWith(TARGET);
  }

  /** Whether a setting of that name belongs to whom a backup was taken from. */
  static boolean foreign(String setting) {
    return stops(setting)
        || setting.startsWith("archive_")
        || setting.equals("recovery_end_command")
        || setting.equals("primary_conninfo")
        || setting.equals("primary_slot_name");
  }

  /** The target that a step or an operation names. */
  static RecoveryTarget target(Details arguments) {
    return RecoveryTarget.of(arguments);
  }

  /** What a server has while it recovers to {@code target} on that timeline. */
  static SequencedMap<String, String> settings(
      RecoveryTarget target, String timeline, String fetching) {
    LinkedHashMap<String, String> settings = new LinkedHashMap<>();
    settings.put(Archiving.FETCH, fetching);
    settings.put(TARGET + "_timeline", timeline);
    settings.put(TARGET + "_action", "pause");
    settings.putAll(target.settings());
    return settings;
  }
}
