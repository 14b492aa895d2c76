package io.cotidal.feeds.steps;

import io.cotidal.feeds.report.Fleet;
import io.cotidal.feeds.report.ReportException;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.model.Details;
import io.cotidal.model.Report;
import io.cotidal.model.Report.Line;
import io.cotidal.model.Report.Verdict;
import io.cotidal.remote.Deadline;
import java.time.Duration;
import java.util.List;

/** How the replicas of one master stand, as they told it. */
final class Fleets {
  private Fleets() {}

  static Report of(FeedsSpec spec) {
    FeedsSpec.Status status =
        spec.status()
            .orElseThrow(() ->
                new IllegalArgumentException(
                    spec.id()
                        + ": no 'status' is configured, so nobody is told and nobody can be asked"));
    try {
      List<Line> lines =
          new Fleet(status)
              .replicas(Deadline.in(spec.deadline())).stream()
                  .map(replica -> line(replica, spec.pace().poll()))
                  .toList();
      long late = lines.stream().filter(line -> line.verdict() == Verdict.NO).count();
      return new Report(lines.size() + " replicas, " + late + " of them late or failing", lines);
    } catch (ReportException e) {
      return new Report(e.line(), List.of(new Line("master", Verdict.UNKNOWN, e.line())));
    }
  }

  private static Line line(Fleet.Replica replica, Duration interval) {
    String silent =
        replica
            .silent()
            .map(since -> "last heard of " + since.toSeconds() + " s ago")
            .orElse("never heard of");
    boolean late = replica.late(interval);
    boolean failing = replica.failing() > 0;
    String sentence =
        (late ? "is late: " : "")
            + silent
            + (failing ? "; " + replica.failing() + " jobs failed there" : "")
            + (replica.message().isEmpty() ? "" : "; " + replica.message());
    return new Line(
        replica.name(),
        late || failing ? Verdict.NO : Verdict.YES,
        sentence,
        late ? "see whether it runs, and whether it reaches the master" : "",
        Details.of("version", replica.version()));
  }
}
