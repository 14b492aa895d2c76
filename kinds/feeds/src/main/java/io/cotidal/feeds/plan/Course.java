package io.cotidal.feeds.plan;

import io.cotidal.engine.Continuation;
import io.cotidal.engine.Run;
import io.cotidal.feeds.job.Subject;
import io.cotidal.feeds.job.Thing;
import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.model.Step;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The way of one publication after its choice, as far as it goes forward. */
final class Course {
  /** So often a swap is tried: readers may be in its way. */
  static final int SWAP_TRIES = 5;

  private static final int SHOW_TRIES = 3;
  private static final String RECORD = "record";

  private final Run run;
  private final Picture picture;
  private final Work work;
  private final Chosen chosen;

  Course(Run run, Picture picture, Work work, Chosen chosen) {
    this.run = run;
    this.picture = picture;
    this.work = work;
    this.chosen = chosen;
  }

  /**
   * What remains.
   *
   * @param thing the job, if the repository still asks for the same
   */
  Continuation rest(Optional<Thing> thing) {
    if (run.isDone(RECORD)) {
      return told();
    }
    // A repository that cannot be read now says nothing else.
    boolean current = picture.repository().isEmpty() || thing.isPresent();
    Retreat retreat = new Retreat(run, picture, work, chosen);
    boolean worn = worn();
    if (worn || !current || retreat.begun() || run.occasion() == Run.Occasion.CANCEL) {
      return retreat.rest(current, current && worn ? problem() : "");
    }
    return forward(thing);
  }

  /** Whether something failed so often that readers had better keep what they had. */
  private boolean worn() {
    return failed(Acts.FETCH, 1)
        || failed(Work.IN_FULL, 1)
        || failed(Acts.PREPARE, 1)
        || failed(Acts.STAGE, 1)
        || failed(Acts.SWAP, SWAP_TRIES)
        || chosen.left().stream().anyMatch(table -> failed(work.leave(table).key(), SHOW_TRIES))
        || told(chosen.shows()).stream().anyMatch(each -> failed(Work.show(each), SHOW_TRIES));
  }

  private boolean failed(String key, int times) {
    return !run.isDone(key) && run.failures(key) >= times;
  }

  private String problem() {
    List<String> keys =
        new ArrayList<>(List.of(Acts.FETCH, Work.IN_FULL, Acts.PREPARE, Acts.STAGE, Acts.SWAP));
    chosen.shows().forEach(server -> keys.add(Work.show(server)));
    chosen.left().forEach(table -> keys.add(work.leave(table).key()));
    return keys.stream()
        .map(run::problem)
        .filter(text -> !text.isEmpty())
        .findFirst()
        .orElse("failed");
  }

  /** Those of {@code servers} that are told now: all of them, or, if that may be, who answers. */
  private List<MemberId> told(List<MemberId> servers) {
    return servers.stream()
        .filter(server ->
            picture.spec().pace().together()
                || run.isDone(Work.show(server))
                || picture.geoserver(server).isPresent())
        .toList();
  }

  /** What lies ahead, up to the next moment at which something must be decided. */
  private Continuation forward(Optional<Thing> thing) {
    List<Step> beside = beside();
    if (!beside.isEmpty()) {
      return Continuation.rest(beside);
    }
    Optional<String> waits = hidden() ? waits(thing) : Optional.empty();
    if (waits.isPresent()) {
      return new Continuation.Wait(waits.get());
    }
    List<MemberId> silent =
        chosen.shows().stream()
            .filter(server -> !run.isDone(Work.show(server)))
            .filter(server -> picture.geoserver(server).isEmpty())
            .toList();
    if (!silent.isEmpty() && picture.spec().pace().together() && hidden()) {
      return new Continuation.Wait(silent.getFirst() + " does not answer", silent);
    }
    List<Step> visible = visible();
    return Continuation.rest(visible.isEmpty() ? List.of(record()) : visible);
  }

  /** Whether no reader sees anything of it yet. */
  private boolean hidden() {
    return run.last(Acts.SWAP).isEmpty()
        && chosen.shows().stream().noneMatch(each -> run.last(Work.show(each)).isPresent());
  }

  /** What guards it, or what it rests on, may have been changed since it began. */
  private Optional<String> waits(Optional<Thing> thing) {
    return picture
        .repository()
        .flatMap(seen ->
            thing.flatMap(
                it -> it.publish().flatMap(wish -> new Order(picture, seen).waits(it, wish))));
  }

  /** What no reader sees. */
  private List<Step> beside() {
    List<Step> steps = new ArrayList<>();
    Set<String> before = new HashSet<>();
    // Who serves others must have what they will ask for.
    boolean data = chosen.ways().isEmpty() || picture.spec().transfer().serve();
    add(steps, before, work.fetch(chosen.loads() && data));
    if (chosen.is(Acts.PREPARE)) {
      add(steps, before, work.prepare());
    }
    if (chosen.loads()) {
      load(steps, before);
    }
    return steps;
  }

  /** By deltas as long as a way is left, else in full. */
  private void load(List<Step> steps, Set<String> before) {
    Optional<Way> way = new Making(run, chosen).way();
    if (way.isPresent()) {
      add(steps, before, work.fetch(way.get()));
      add(steps, before, work.stage(chosen.target(), chosen.generation(), way.get()));
      return;
    }
    if (!chosen.ways().isEmpty()) {
      add(steps, before, work.fetchInFull());
    }
    add(steps, before, work.stage(chosen.target(), chosen.generation()));
  }

  /** What readers see: first the table, then what is shown of it. */
  private List<Step> visible() {
    List<Step> steps = new ArrayList<>();
    Set<String> before = new HashSet<>();
    if (chosen.swaps()) {
      add(steps, before, work.swap(chosen.target(), chosen.generation()));
    }
    Set<String> shown = new HashSet<>(before);
    for (MemberId server : told(chosen.shows())) {
      Set<String> own = new HashSet<>(before);
      add(steps, own, work.show(server, chosen.is(Acts.CHANGED), chosen.is(Acts.EMPTY)));
      shown.addAll(own);
    }
    if (leaves()) {
      chosen.left().forEach(table -> add(steps, shown, work.leave(table)));
    }
    return steps;
  }

  /** Whether the table of before goes: once nobody shows it any more. */
  private boolean leaves() {
    return !chosen.left().isEmpty() && untold().isEmpty();
  }

  /** GeoServers that are to be told another time. */
  private List<MemberId> untold() {
    List<MemberId> untold = new ArrayList<>(chosen.later());
    List<MemberId> told = told(chosen.shows());
    chosen.shows().stream().filter(server -> !told.contains(server)).forEach(untold::add);
    return untold;
  }

  /** The step after those in {@code before}, unless it is done; it comes before what follows. */
  private void add(List<Step> steps, Set<String> before, Step step) {
    if (run.isDone(step.key())) {
      return;
    }
    steps.add(step.after(Set.copyOf(before)).thenDecide());
    before.clear();
    before.add(step.key());
  }

  private Step record() {
    Subject subject = work.subject();
    Details row =
        work.read(chosen, run)
            .with(Jobs.well())
            .with(Jobs.FACE, chosen.get(Jobs.FACE))
            .with(Jobs.EMPTIED, chosen.get(Jobs.EMPTIED))
            .with(Jobs.LEFT, leaves() ? "" : chosen.get(Jobs.LEFT))
            .with(Jobs.NOTED, picture.noted());
    for (MemberId server : chosen.shows()) {
      String print = run.evidence(Work.show(server)).get(Acts.PRINT, Need.TOLD);
      row = row.with(Jobs.print(server), run.isDone(Work.show(server)) ? print : "");
    }
    for (MemberId server : chosen.later()) {
      row = row.with(Jobs.print(server), "");
    }
    return Step.decision(RECORD, "note that " + subject + " is published", Details.NONE)
        .changing(Jobs.put(subject, Jobs.PUBLISHED, row))
        .thenDecide();
  }

  private Continuation told() {
    Step tell = work.tell(Acts.PUBLISHED, "");
    // The master hears of it if it can be noted; what is published is published all the same.
    boolean over = run.isDone(tell.key()) || run.failures(tell.key()) > 0;
    boolean ends = over || run.occasion() == Run.Occasion.CANCEL;
    return ends || picture.spec().status().isEmpty()
        ? Continuation.finished()
        : Continuation.rest(List.of(tell.thenDecide()));
  }
}
