package io.cotidal.feeds.plan;

import io.cotidal.engine.State;
import io.cotidal.feeds.job.Subject;
import io.cotidal.feeds.job.Thing;
import io.cotidal.feeds.observe.FeedsFacts;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.model.Details;
import io.cotidal.model.Item;
import io.cotidal.model.Report;
import io.cotidal.model.Report.Line;
import io.cotidal.model.Report.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** Why each job stands as it does, for people. Pure. */
public final class Explanations {
  private static final String UNREAD = "the state repository cannot be read now";

  private final Picture picture;

  /** Of what is known in {@code state}. */
  public Explanations(FeedsSpec spec, State<FeedsFacts> state) {
    this.picture = new Picture(spec, state);
  }

  /** Every job, one a line. */
  public Report jobs() {
    Optional<FeedsFacts.Repository> repository = picture.repository();
    if (repository.isEmpty()) {
      return new Report(UNREAD, List.of(new Line("repository", Verdict.UNKNOWN, UNREAD)));
    }
    SortedMap<Subject, Standing.Of> all = new Standing(picture, repository.get()).all();
    List<Line> lines = new ArrayList<>();
    all.forEach((subject, of) -> lines.add(line(subject, of)));
    repository
        .get()
        .unreadable()
        .forEach(file -> lines.add(new Line(file, Verdict.NO, "is no job that can be read")));
    long good = lines.stream().filter(line -> line.verdict() == Verdict.YES).count();
    return new Report(
        good
            + " of "
            + lines.size()
            + " jobs are in force or kept out, as revision "
            + repository.get().head()
            + " says",
        lines);
  }

  /**
   * One job, with what it was decided by.
   *
   * @param name its key, {@code layer/sites.parcels}, the name of its row, or its title
   * @throws IllegalArgumentException with one line if nothing has that name
   */
  public Report explain(String name) {
    FeedsFacts.Repository repository =
        picture.repository().orElseThrow(() -> new IllegalArgumentException(UNREAD));
    SortedMap<Subject, Standing.Of> all = new Standing(picture, repository).all();
    Subject subject =
        all.keySet().stream()
            .filter(each ->
                each.key().equals(name)
                    || Jobs.name(each).equals(name)
                    || each.title().equals(name))
            .findFirst()
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "no job is called '" + name + "': 'jobs' lists all there are"));
    Standing.Of of = all.get(subject);
    List<Line> lines = new ArrayList<>();
    if (of != null) {
      lines.add(line(subject, of));
    }
    Thing thing = repository.things().get(subject);
    if (thing != null) {
      lines.add(
          new Line(
              thing.path(),
              Verdict.YES,
              "says so, by channel " + (thing.channel().isEmpty() ? "(none)" : thing.channel())));
    }
    picture.item(subject).ifPresent(item -> lines.add(row(item)));
    return new Report(subject + " " + (of == null ? "" : of.sentence()), lines);
  }

  private static Line row(Item item) {
    return new Line(
        "job/" + item.name(),
        item.is(Jobs.FAILING) ? Verdict.NO : Verdict.YES,
        "is noted as " + item.state(),
        item.is(Jobs.FAILING) ? "it is tried again by itself; 'retry' tries at once" : "",
        item.facts());
  }

  private Line line(Subject subject, Standing.Of of) {
    Verdict verdict =
        switch (of) {
          case Standing.Of.InForce _, Standing.Of.Excluded _ -> Verdict.YES;
          case Standing.Of.Ahead _, Standing.Of.Held _ -> Verdict.UNKNOWN;
          case Standing.Of.Failing _, Standing.Of.Refused _, Standing.Of.Drifted _ -> Verdict.NO;
        };
    String remedy =
        switch (of) {
          case Standing.Of.Refused _ -> "mend the job at the master";
          case Standing.Of.Drifted _ -> "switch repair on, or put it back";
          case Standing.Of.Failing _ -> "it is tried again by itself; 'retry' tries at once";
          case Standing.Of.InForce _,
              Standing.Of.Excluded _,
              Standing.Of.Ahead _,
              Standing.Of.Held _ ->
              "";
        };
    Details facts =
        picture
            .item(subject)
            .map(item -> Details.of("generation", item.facts().get(Acts.GENERATION, "")))
            .orElse(Details.NONE);
    return new Line(subject.key(), verdict, of.sentence(), remedy, facts);
  }
}
