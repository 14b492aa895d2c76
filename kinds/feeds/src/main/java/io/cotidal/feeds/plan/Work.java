package io.cotidal.feeds.plan;

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

  /** Key of the decision that notes a failure. */
  static final String FAIL = "fail";

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

  Step prepare() {
    return on(FeedsSpec.DATABASE, Acts.PREPARE, "make schemas and grants of " + subject);
  }

  Step stage(String generation) {
    return on(
            FeedsSpec.DATABASE,
            Acts.STAGE,
            "load " + subject + " into generation " + generation + ", which nobody reads yet")
        .with(Acts.GENERATION, generation)
        .within(LOAD);
  }

  Step swap(String generation) {
    return on(FeedsSpec.DATABASE, Acts.SWAP, "let " + subject + " read generation " + generation)
        .with(Acts.GENERATION, generation);
  }

  Step back(String generation) {
    return on(
            FeedsSpec.DATABASE,
            Acts.SWAP,
            "let " + subject + " read generation " + generation + " again")
        .named(BACK)
        .with(Acts.GENERATION, generation);
  }

  /** There was nothing before: what nobody could serve is taken away again. */
  Step dropAsBack(Details choice) {
    return drop(choice.get(Acts.TARGET, "")).named(BACK);
  }

  Step drop(String target) {
    return on(FeedsSpec.DATABASE, Acts.DROP, "drop view and table of " + subject)
        .with(Acts.TARGET, target);
  }

  Step trim(Details choice) {
    String table = choice.get(Acts.TARGET, "") + "/" + choice.get(Acts.GENERATION, "");
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
}
