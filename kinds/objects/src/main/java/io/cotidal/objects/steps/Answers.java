package io.cotidal.objects.steps;

import io.cotidal.model.Details;
import io.cotidal.model.Report;
import io.cotidal.model.Report.Line;
import io.cotidal.model.Report.Verdict;
import io.cotidal.objects.ledger.Entry;
import io.cotidal.objects.ledger.Ledger;
import io.cotidal.objects.ledger.Overrulings;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.observe.ObjectsFacts.Difference;
import io.cotidal.remote.ActFailed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** Answers to what people ask of a namespace. */
final class Answers {
  private static final int LATEST = 200;

  private Answers() {}

  /** The containers that are not the same everywhere. */
  static Report containers(Work work) {
    SortedMap<ContainerName, Difference> all = work.survey().differing();
    List<Line> lines = new ArrayList<>();
    for (Map.Entry<ContainerName, Difference> each : all.entrySet()) {
      if (lines.size() == LATEST) {
        break;
      }
      lines.add(line(work, each.getKey(), each.getValue()));
    }
    return new Report(
        all.isEmpty()
            ? "no container is known to differ between its sites"
            : all.size() + " containers are not the same everywhere",
        lines);
  }

  private static Line line(Work work, ContainerName name, Difference difference) {
    boolean busy = work.bench().turns().taken(name);
    String waits =
        difference.braked()
            ? "waits for somebody's word about " + difference.deletions() + " deletions"
            : busy
                ? "is being made equal"
                : difference.waits().isEmpty() ? "waits for its turn" : difference.waits();
    return new Line(
        name.toString(),
        Verdict.NO,
        waits,
        difference.braked() ? "approve of the proposal, or undo the deletions" : "",
        Details.of("state", difference.state())
            .with("copies", difference.copies())
            .with("bytes", difference.bytes())
            .with("deletions", difference.deletions())
            .with("since", difference.sinceMicros()));
  }

  /** What was overruled lately: containers first, then objects. */
  static Report conflicts(Work work) {
    try {
      List<Line> lines = new ArrayList<>();
      for (Overrulings.Told told : work.bench().overrulings().latest(LATEST)) {
        lines.add(
            new Line(told.container().toString(), Verdict.YES, told.sentence())
                .with(Details.of("at", told.at()).with("site", told.loser())));
      }
      Ledger.Query query = new Ledger.Query(Optional.empty(), "", LATEST);
      work.bench().ledger().read(query).forEach(entry -> lines.add(line(entry)));
      return new Report(lines.size() + " writes or deletions were overruled", lines);
    } catch (IOException e) {
      return new Report(
          ActFailed.line(e), List.of(new Line("ledger", Verdict.UNKNOWN, ActFailed.line(e))));
    }
  }

  private static Line line(Entry entry) {
    String what =
        entry.lost().isPresent()
            ? "the write of " + entry.lost().get().written().instant() + " at " + entry.site()
            : "the deletion at " + entry.site();
    String by =
        entry.stays().isPresent() ? " gave way to a later write" : " gave way to a deletion";
    return new Line(entry.container() + "/" + entry.name(), Verdict.YES, what + by)
        .with(
            Details.of("at", entry.at())
                .with("site", entry.site())
                .with("hash", entry.lost().map(Entry.Write::hash).orElse(""))
                .with("bytes", entry.lost().map(Entry.Write::bytes).orElse(0L)));
  }
}
