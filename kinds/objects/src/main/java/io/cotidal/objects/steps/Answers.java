package io.cotidal.objects.steps;

import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.model.Report;
import io.cotidal.model.Report.Line;
import io.cotidal.model.Report.Verdict;
import io.cotidal.objects.ledger.Entry;
import io.cotidal.objects.ledger.Ledger;
import io.cotidal.objects.ledger.Overrulings;
import io.cotidal.objects.listing.ListingTrouble;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.observe.ObjectsFacts;
import io.cotidal.objects.observe.ObjectsFacts.Difference;
import io.cotidal.objects.spec.Site;
import io.cotidal.objects.swift.SwiftTrouble;
import io.cotidal.remote.ActFailed;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** Answers to what people ask of a namespace. */
final class Answers {
  private static final int LATEST = 200;
  private static final int THEIRS = 50;

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
    for (ObjectsFacts.Leaving each : work.survey().leaving().values()) {
      if (lines.size() < LATEST) {
        lines.add(line(each));
      }
    }
    return new Report(
        all.isEmpty()
            ? "no container is known to differ between its sites"
            : all.size() + " containers are not the same everywhere",
        lines);
  }

  private static Line line(ObjectsFacts.Leaving left) {
    return new Line(
            left.account() + "/" + left.container(),
            Verdict.YES,
            "lies at %s, which its rules do not name, with %d objects: %s"
                .formatted(
                    left.site(),
                    left.objects(),
                    left.stays().isEmpty() ? "waits for an approval to leave it" : left.stays()))
        .with(Details.of("site", left.site()).with("bytes", left.bytes()));
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

  /**
   * What was overruled lately, by us or by gateways: containers first, then objects.
   *
   * @param deadline for all sites together
   */
  static Report conflicts(Work work, Deadline deadline) {
    try {
      List<Line> lines = new ArrayList<>();
      List<Line> unread = new ArrayList<>();
      List<Overrulings.Told> all = new ArrayList<>(work.bench().overrulings().latest(LATEST));
      for (Site site : work.bench().spec().sites()) {
        if (site.gateway().isPresent()) {
          theirs(work, site.member(), deadline, all, unread);
        }
      }
      all.sort(Comparator.comparing(Overrulings.Told::at).reversed());
      for (Overrulings.Told told : all.subList(0, Math.min(all.size(), LATEST))) {
        lines.add(
            new Line(told.container().toString(), Verdict.YES, told.sentence())
                .with(Details.of("at", told.at()).with("site", told.loser())));
      }
      Ledger.Query query = new Ledger.Query(Optional.empty(), "", LATEST);
      work.bench().ledger().read(query).forEach(entry -> lines.add(line(entry)));
      String sum = lines.size() + " writes or deletions were overruled";
      lines.addAll(unread);
      return new Report(sum, lines);
    } catch (IOException e) {
      return new Report(
          ActFailed.line(e), List.of(new Line("ledger", Verdict.UNKNOWN, ActFailed.line(e))));
    }
  }

  /** What the gateway of a site overruled; a site that cannot be asked is a line of its own. */
  private static void theirs(
      Work work, MemberId site, Deadline deadline, List<Overrulings.Told> all, List<Line> unread) {
    try {
      all.addAll(work.bench().losses().latest(work.bench().swift(site), THEIRS, deadline));
    } catch (ListingTrouble | SwiftTrouble | IOException e) {
      unread.add(
          new Line(
              site.name(),
              Verdict.UNKNOWN,
              "what its gateway overruled cannot be read: " + ActFailed.line(e)));
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
