package io.cotidal.feeds.plan;

import io.cotidal.engine.Run;
import io.cotidal.feeds.job.Subject;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.model.Step;
import io.cotidal.model.WhenUnknown;
import java.time.Duration;

/** The acts on one job, as steps. Each may be inspected and done again. */
record Work(Subject subject, String ask) {
  /** Key of the step that lets the view read what it read before. */
  static final String BACK = "back";

  /** Key of the step that fetches data when deltas were of no use. */
  static final String IN_FULL = Acts.FETCH + " in full";

  /** Begins the keys of the steps that drop tables of before. */
  static final String LEAVE = "leave";

  private static final Duration TRANSFER = Duration.ofHours(4);
  private static final Duration LOAD = Duration.ofHours(4);
  private static final Duration SHORT = Duration.ofMinutes(5);

  private Step on(MemberId member, String act, String sentence) {
    return Step.act(act, member, sentence)
        .named(act)
        .with(Acts.KEY, subject.key())
        .with(Acts.ASK, ask)
        .with(Acts.NAME, Jobs.name(subject))
        .within(SHORT)
        .whenUnknown(new WhenUnknown.RetryFor(SHORT));
  }

  /** Styles, and the data if the table is to be loaded. */
  Step fetch(boolean load) {
    return on(FeedsSpec.REPOSITORY, Acts.FETCH, "fetch what " + subject + " needs")
        .with(Acts.CHANGED, load)
        .within(TRANSFER);
  }

  /** The deltas of a way. */
  Step fetch(Way way) {
    return on(FeedsSpec.REPOSITORY, Acts.FETCH, "fetch " + way.sentence() + " for " + subject)
        .named(way.fetched())
        .with(Acts.CHANGED, false)
        .with(Acts.DELTAS, String.join(" ", way.deltas()))
        .within(TRANSFER);
  }

  /** The data after all, since no way by deltas led there. */
  Step fetchInFull() {
    return fetch(true).named(IN_FULL);
  }

  Step prepare() {
    return on(FeedsSpec.DATABASE, Acts.PREPARE, "make schemas and grants of " + subject);
  }

  Step stage(String target, String generation) {
    return on(
            FeedsSpec.DATABASE,
            Acts.STAGE,
            "load " + subject + " into generation " + generation + ", which nobody reads yet")
        .with(Acts.TARGET, target)
        .with(Acts.GENERATION, generation)
        .within(LOAD);
  }

  /** The same by deltas. */
  Step stage(String target, String generation, Way way) {
    return stage(target, generation)
        .named(way.staged())
        .with(Acts.FROM, way.from())
        .with(Acts.COPY, way.copies())
        .with(Acts.DELTAS, String.join(" ", way.deltas()));
  }

  Step swap(String target, String generation) {
    return on(FeedsSpec.DATABASE, Acts.SWAP, "let " + subject + " read generation " + generation)
        .with(Acts.TARGET, target)
        .with(Acts.GENERATION, generation);
  }

  Step back(String target, String generation) {
    return on(
            FeedsSpec.DATABASE,
            Acts.SWAP,
            "let " + subject + " read generation " + generation + " again")
        .named(BACK)
        .with(Acts.TARGET, target)
        .with(Acts.GENERATION, generation);
  }

  /** There was nothing before: what nobody could serve is taken away again. */
  Step dropAsBack(Chosen chosen) {
    return drop(chosen.target()).named(BACK);
  }

  /** The table that it had under another name. */
  Step leave(String target) {
    return drop(target).named(LEAVE + " " + target);
  }

  Step drop(String target) {
    return on(FeedsSpec.DATABASE, Acts.DROP, "drop view and table " + target + " of " + subject)
        .with(Acts.TARGET, target);
  }

  Step trim(Chosen chosen) {
    String table = chosen.target() + "/" + chosen.generation();
    return on(FeedsSpec.DATABASE, Acts.TRIM, "drop " + table + ", which nobody reads")
        .with(Acts.TABLES, table);
  }

  static String show(MemberId server) {
    return Acts.SHOW + " " + server;
  }

  Step show(MemberId server, boolean changed, boolean empty) {
    return on(server, Acts.SHOW, "let " + server + " serve " + subject + " as its job says")
        .named(show(server))
        .with(Acts.CHANGED, changed)
        .with(Acts.EMPTY, empty);
  }

  Step reset(MemberId server) {
    return on(server, Acts.RESET, "let " + server + " forget the columns of " + subject)
        .named(Acts.RESET + " " + server);
  }

  Step hide(MemberId server) {
    return on(server, Acts.HIDE, "take " + subject + " away from " + server)
        .named(Acts.HIDE + " " + server);
  }

  Step tell(String outcome, String message) {
    return on(FeedsSpec.REPOSITORY, Acts.TELL, "note for the master: " + subject + " " + outcome)
        .with(Acts.OUTCOME, outcome)
        .with(Acts.MESSAGE, message);
  }

  /** What is granted is not missing any more. */
  private static Details ungranted(Run run) {
    return run.isDone(Acts.PREPARE) ? Details.of(Acts.UNGRANTED, "") : Details.NONE;
  }

  /** What a row says of its table once {@code run} has let its view read what was chosen. */
  Details read(Chosen chosen, Run run) {
    Details row =
        Details.of(Acts.TARGET, chosen.target())
            .with(Jobs.DATA, chosen.get(Jobs.DATA))
            .with(Jobs.HELD, chosen.get(Jobs.HELD));
    row = chosen.loads() ? row.with(Jobs.MADE, new Making(run, chosen).sentence()) : row;
    return chosen.swaps()
        ? row.with(Acts.GENERATION, chosen.generation())
            .with(Acts.PREVIOUS, run.evidence(Acts.SWAP).get(Acts.PREVIOUS, chosen.before()))
            .with(Acts.UNGRANTED, Jobs.cut(run.evidence(Acts.SWAP).get(Acts.UNGRANTED, "")))
        : row.with(Acts.GENERATION, chosen.before()).with(ungranted(run));
  }
}
