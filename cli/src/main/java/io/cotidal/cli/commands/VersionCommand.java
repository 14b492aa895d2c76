package io.cotidal.cli.commands;

import io.cotidal.cli.api.Node;
import io.cotidal.cli.api.Unreachable;
import io.cotidal.cli.terminal.ExitCode;
import io.cotidal.cli.terminal.Failure;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code cot version}: of this command and of the server. */
final class VersionCommand implements Command {
  private final String version;

  VersionCommand(String version) {
    this.version = version;
  }

  @Override
  public void declare(Form form) {
    form.detail("cot --version prints this command's own version and asks nobody.")
        .example("version", "");
  }

  @Override
  public ExitCode run(Arguments arguments, Session session) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("cot", version);
    String server;
    try {
      Node told = session.api().get("/api/v1/version");
      server = told.text("version");
      answer.put("server", server);
    } catch (Unreachable e) {
      server = "cannot be reached (" + e.reason() + ")";
    } catch (Failure e) {
      server = "does not say (" + e.what() + ")";
    }
    if (session.forPeople()) {
      session.line("cot     " + version);
      session.line("server  " + server);
    } else {
      session.record(new Node(answer));
    }
    return ExitCode.OK;
  }
}
