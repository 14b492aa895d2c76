package io.cotidal.app.reload;

import io.cotidal.engine.SpecStore;
import io.cotidal.server.Doctor;
import io.cotidal.server.Reconfiguration.OfRecord;
import java.util.List;

/** The configurations of record beside what runs here, for people. */
record OnRecord(Records records) {
  List<OfRecord> all() {
    return records.all().stream().map(this::one).toList();
  }

  private OfRecord one(SpecStore.Spec of) {
    return new OfRecord(
        of.resource().toString(),
        of.generation(),
        of.digest(),
        of.released(),
        of.origin(),
        of.actor(),
        of.micros(),
        records.agrees(of),
        List.copyOf(records.differences(of)));
  }

  /** Where the two differ. */
  List<Doctor.Check> checks() {
    return all().stream().filter(each -> !each.agrees()).map(OnRecord::differs).toList();
  }

  private static Doctor.Check differs(OfRecord each) {
    String record = "generation " + each.generation() + ", of " + each.origin() + ")";
    return Doctor.Check.ill(
        each.resource(),
        each.released()
            ? "is managed here, and of record it is released (" + record
            : each.differences().isEmpty()
                ? "is of record, and this daemon does not have it (" + record
                : "differs from its configuration of record ("
                    + record
                    + " in "
                    + String.join(", ", each.differences()),
        "make the files equal and run cot apply at the leader, then here");
  }
}
