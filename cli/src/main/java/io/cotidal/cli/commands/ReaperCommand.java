package io.cotidal.cli.commands;

import io.cotidal.cli.api.Node;
import io.cotidal.cli.myaas.OriginalApi;
import io.cotidal.cli.terminal.ExitCode;
import io.cotidal.cli.terminal.Failure;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code cot compat reaper}: one round of the original's reaper, over the original's protocol. Only
 * what says itself that it has expired is deleted. A copy whose server is dead or unhealthy holds
 * data that somebody may want, so it is told and left; the original deleted it without a word, and
 * took copies without an expiry to live for a day.
 */
final class ReaperCommand implements Command {
  private static final String EXPIRED = "--expired";
  private static final String DEAD = "--dead";
  private static final String UNHEALTHY = "--unhealthy";
  private static final String DRY_RUN = "--dry-run";

  @Override
  public void declare(Form form) {
    form.flag(EXPIRED, "Delete copies whose time is over.")
        .flag(DEAD, "List copies whose server has ended; ends with 1 if there are some.")
        .flag(UNHEALTHY, "List copies whose health check fails; ends with 1 if so.")
        .flag(DRY_RUN, "Only list; delete nothing.")
        .detail(
            "The service is asked at DB_URL, as by cot compat fab. Cotidal needs no reaper:"
                + " its copies go by themselves when their time is over.")
        .example("compat reaper --expired --dry-run", "");
  }

  @Override
  public ExitCode run(Arguments arguments, Session session) {
    boolean expired = arguments.flag(EXPIRED);
    boolean dead = arguments.flag(DEAD);
    boolean unhealthy = arguments.flag(UNHEALTHY);
    if (!expired && !dead && !unhealthy) {
      throw Failure.usage(
          "nothing is asked for", "write " + EXPIRED + ", " + DEAD + " or " + UNHEALTHY);
    }
    OriginalApi api = FabCommand.api(session);
    boolean found = false;
    List<Node> over = new ArrayList<>();
    for (Node copy : api.get("/db").list("databases")) {
      String state = copy.text("state");
      if (expired && isOver(copy, session.time().micros())) {
        over.add(copy);
      } else if (dead && (state.startsWith("Exited") || state.startsWith("Dead"))) {
        tell(session, copy, "dead, left alone: " + state);
        found = true;
      } else if (unhealthy && state.contains("(unhealthy)")) {
        tell(session, copy, "unhealthy, left alone: " + state);
        found = true;
      }
    }
    for (Node copy : over) {
      if (arguments.flag(DRY_RUN)) {
        tell(session, copy, "expired, would be deleted");
      } else {
        api.delete(OriginalApi.copy(copy.text("template"), copy.text("name")));
        tell(session, copy, "expired, deleted");
      }
    }
    return found ? ExitCode.FAILED : ExitCode.OK;
  }

  private static void tell(Session session, Node copy, String what) {
    session.line(copy.text("template") + "," + copy.text("name") + ": " + what);
  }

  /** Whether it says when it expires and that is past; what cannot be read is not past. */
  private static boolean isOver(Node copy, long nowMicros) {
    return seconds(copy.text("expires_at"))
        .map(at -> at.compareTo(BigDecimal.valueOf(nowMicros, 6)) <= 0)
        .orElse(false);
  }

  private static Optional<BigDecimal> seconds(String text) {
    return text.matches("[0-9]{1,12}(\\.[0-9]{1,9})?")
        ? Optional.of(new BigDecimal(text))
        : Optional.empty();
  }
}
