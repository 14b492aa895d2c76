package io.cotidal.cli.commands;

import io.cotidal.cli.api.Node;
import io.cotidal.cli.terminal.ExitCode;
import io.cotidal.cli.terminal.Failure;
import io.cotidal.model.ResourceId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * {@code cot compat update}: the original's import job. Copies can be made meanwhile; a dump that
 * fails leaves its template as it was, and does not hold up the next one.
 */
final class UpdateCommand implements Command {
  private static final String KIND = "copies/";

  @Override
  public void declare(Form form) {
    Beginning.declare(form);
    form.detail(
            "Asks Cotidal's own API, at --server, to import the configured dump of every template,"
                + " one after the other. Ends with 1 if one could not be imported.")
        .example("compat update --wait", "as DB replicator did it, to be run by cron");
  }

  @Override
  public ExitCode run(Arguments arguments, Session session) throws InterruptedException {
    List<ResourceId> templates = new ArrayList<>();
    for (Node resource : session.api().get(Resources.ALL).list("resources")) {
      if (resource.text("id").startsWith(KIND)) {
        templates.add(ResourceId.parse(resource.text("id")));
      }
    }
    if (templates.isEmpty()) {
      throw new Failure(
          ExitCode.NOT_FOUND, "there is no template", "configure one under copies, or see cot get");
    }
    ExitCode worst = ExitCode.OK;
    for (ResourceId template : templates) {
      ExitCode exit = begin(template, arguments, session);
      // That one still runs says less than that one failed.
      if (exit != ExitCode.OK && worst != ExitCode.FAILED) {
        worst = exit == ExitCode.STILL_RUNNING ? exit : ExitCode.FAILED;
      }
    }
    return worst;
  }

  private static ExitCode begin(ResourceId template, Arguments arguments, Session session)
      throws InterruptedException {
    try {
      return new Beginning(session)
          .begin(template, Resources.path(template) + "/import", Map.of(), arguments);
    } catch (Failure failure) {
      session.terminal().err().println("cot: " + template + ": " + failure.line());
      return ExitCode.FAILED;
    }
  }
}
