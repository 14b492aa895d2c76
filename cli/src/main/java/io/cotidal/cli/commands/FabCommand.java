package io.cotidal.cli.commands;

import io.cotidal.cli.api.Node;
import io.cotidal.cli.myaas.Original;
import io.cotidal.cli.myaas.OriginalApi;
import io.cotidal.cli.terminal.ExitCode;
import io.cotidal.cli.terminal.Failure;
import io.cotidal.cli.terminal.Table;
import java.nio.file.Path;
import java.util.List;

/**
 * {@code cot compat fab}: the tasks of the original's fabfile, with what they print and their exit
 * codes 0 and 1, over the original's protocol. Errors go to stderr; the original printed them among
 * the data.
 */
final class FabCommand implements Command {
  @Override
  public void declare(Form form) {
    form.operand("TASK", "As for fab: db.ls, or db.new:TEMPLATE,NAME.")
        .detail(
            "Tasks: db.ls, db.templates, db.new:T,N, db.rm:T,N, db.info:T,N (or db.show),"
                + " db.shell:T,N, db.container:T,N.")
        .detail(
            "The service is asked at DB_URL, from the environment or the file .env in this folder;"
                + " --server is not looked at. It may be DB replicator itself or Cotidal's"
                + " listener for it, which wants a token: http://any:TOKEN@127.0.0.1:5001.")
        .example("compat fab db.ls", "")
        .example("compat fab db.new:shop,feature-42", "");
  }

  @Override
  public ExitCode run(Arguments arguments, Session session) {
    FabTask task = FabTask.parse(arguments.needOperand(0));
    OriginalApi api = api(session);
    String path = OriginalApi.copy(task.template(), task.name());
    switch (task.verb()) {
      case LS -> list(session, api.get("/db"));
      case TEMPLATES -> templates(session, api.get("/templates"));
      case NEW -> {
        OriginalApi.Answer made = api.post(path);
        if (made.status() == 304) {
          session.line("This database already exists");
        } else {
          info(session, task, made.body());
        }
      }
      case RM -> {
        api.delete(path);
        session.line("Database deleted");
      }
      case INFO, SHOW -> info(session, task, api.get(path));
      case SHELL -> session.line(shell(api.get(path)));
      case CONTAINER -> json(session, api, api.get(path + "?all=True"));
    }
    return ExitCode.OK;
  }

  /** The service that the surroundings name. */
  static OriginalApi api(Session session) {
    return new OriginalApi(Original.find(session.environment(), Path.of("")));
  }

  private static void list(Session session, Node body) {
    switch (session.output()) {
      case TABLE -> {
        Table table =
            new Table().column("Template").column("Name").column("Status").column("Created");
        for (Node copy : body.list("databases")) {
          table.row(
              copy.text("template"),
              copy.text("name"),
              copy.text("state"),
              ago(session, copy.number("created")));
        }
        whole(session, table);
      }
      case NAME ->
          body.list("databases")
              .forEach(copy -> session.line(copy.text("template") + "," + copy.text("name")));
      case JSON, YAML -> session.record(body);
    }
  }

  private static void templates(Session session, Node body) {
    switch (session.output()) {
      case TABLE -> {
        Table table = new Table().column("Template");
        body.list("templates").forEach(template -> table.row(template.text()));
        whole(session, table);
      }
      case NAME -> body.list("templates").forEach(template -> session.line(template.text()));
      case JSON, YAML -> session.record(body);
    }
  }

  private static void info(Session session, FabTask task, Node body) {
    switch (session.output()) {
      case TABLE -> {
        Table table = new Table();
        for (String heading : List.of("Host", "Port", "User", "Password", "Database", "Running")) {
          table.column(heading);
        }
        table.row(
            body.text("host"),
            body.text("port"),
            body.text("user"),
            body.text("password"),
            body.text("database"),
            body.flag("running") ? "True" : "False");
        whole(session, table);
      }
      case NAME -> session.line(task.template() + "," + task.name());
      case JSON, YAML -> session.record(body);
    }
  }

  /** A table whose cells are never cut: half a password is of no use. */
  private static void whole(Session session, Table table) {
    for (String line : table.lines(0, "", session.style())) {
      session.terminal().out().println(line);
    }
  }

  private static void json(Session session, OriginalApi api, Node body) {
    if (session.output() == Output.YAML) {
      session.record(body);
    } else {
      session.terminal().out().print(api.json().pretty(body.value()));
    }
  }

  /** A command line to be copied into a shell; what the shell would read otherwise is quoted. */
  private static String shell(Node body) {
    if (body.text("password").isEmpty()) {
      throw new Failure(
          ExitCode.FAILED,
          "the service does not tell the password",
          "ask with the token of the copy's owner");
    }
    return "mysql -u"
        + quoted(body.text("user"))
        + " -p"
        + quoted(body.text("password"))
        + " --host="
        + quoted(body.text("host"))
        + " --port="
        + quoted(body.text("port"))
        + " "
        + quoted(body.text("database"));
  }

  private static String quoted(String text) {
    return text.matches("[A-Za-z0-9_.@%+=:,/-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }

  /** {@code 3 hours ago}. */
  private static String ago(Session session, long created) {
    long seconds = Math.max(0, session.time().micros() / 1_000_000 - created);
    if (seconds < 60) {
      return some(seconds, "second");
    }
    if (seconds < 3_600) {
      return some(seconds / 60, "minute");
    }
    return seconds < 86_400 ? some(seconds / 3_600, "hour") : some(seconds / 86_400, "day");
  }

  private static String some(long number, String unit) {
    return number + " " + unit + (number == 1 ? "" : "s") + " ago";
  }
}
