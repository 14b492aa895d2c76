package io.cotidal.cli.commands;

import io.cotidal.cli.api.Node;
import io.cotidal.cli.terminal.ExitCode;
import io.cotidal.cli.terminal.Failure;
import io.cotidal.cli.terminal.Table;
import io.cotidal.cli.terminal.Text;
import io.cotidal.model.Names;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code cot token …}: who may ask the server. */
final class TokenCommand implements Command {
  private static final String PATH = "/api/v1/tokens";
  private static final List<String> PERMISSIONS = List.of("viewer", "user", "operator", "admin");

  /** What is asked for. */
  enum Verb {
    /** A new one. */
    CREATE,
    /** All, without their secrets. */
    LIST,
    /** Refuse it from now on. */
    DELETE
  }

  private final Verb verb;

  TokenCommand(Verb verb) {
    this.verb = verb;
  }

  @Override
  public void declare(Form form) {
    switch (verb) {
      case CREATE ->
          form.operand("ID", "A public name for it, for example the name of who gets it.")
              .requiredOption("--permission", "ROLE", "viewer, user, operator or admin.")
              .option("--scope", "SCOPE", "On which resources: *, KIND/* or KIND/NAME (*).")
              .option("--days", "DAYS", "After so many days it is refused (90).")
              .detail("The secret is printed once, on stdout, and is kept nowhere.")
              .example("token create alice --permission operator", "")
              .example("token create ann --permission user --scope 'copies/*'", "")
              .example("token create ci --permission viewer --scope 'postgres/*' --days 30", "");
      case LIST -> form.example("token list", "");
      case DELETE ->
          form.operand("ID", "The token's public name.").example("token delete alice", "");
    }
  }

  @Override
  public ExitCode run(Arguments arguments, Session session) {
    switch (verb) {
      case CREATE -> create(arguments, session);
      case LIST -> list(session);
      case DELETE -> {
        String id = id(arguments);
        session.api().delete(PATH + "/" + id);
        session.say("Token " + id + " is refused from now on.");
      }
    }
    return ExitCode.OK;
  }

  private static String id(Arguments arguments) {
    String id = arguments.needOperand(0);
    if (!Names.valid(id)) {
      throw Failure.usage(
          "token id '" + id + "' does not fit",
          "use 1 to 63 of a-z 0-9 . _ - and begin with a letter or digit");
    }
    return id;
  }

  private static void create(Arguments arguments, Session session) {
    String permission = arguments.text("--permission").orElse("");
    if (!PERMISSIONS.contains(permission)) {
      String near = Text.nearest(permission, PERMISSIONS);
      throw Failure.usage(
          "--permission '" + permission + "' does not exist",
          near.isEmpty() ? "use viewer, user, operator or admin" : "did you mean " + near + "?");
    }
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("id", id(arguments));
    body.put("permission", permission);
    body.put("scope", arguments.text("--scope").orElse("*"));
    body.put("days", days(arguments.text("--days").orElse("90")));
    Node token = session.api().post(PATH, body, Map.of()).body();
    switch (session.output()) {
      case TABLE -> session.line(token.text("secret"));
      case NAME -> session.line(token.text("id"));
      case JSON, YAML -> session.record(token);
    }
    session.say("Shown this once. Keep it in a file of mode 0600 and name that in COT_TOKEN_FILE.");
  }

  private static int days(String text) {
    try {
      int days = Integer.parseInt(text);
      if (days >= 1 && days <= 3650) {
        return days;
      }
    } catch (NumberFormatException e) {
      // The one message below says what form is wanted.
    }
    throw Failure.usage("--days '" + text + "' does not fit", "write a number from 1 to 3650");
  }

  private static void list(Session session) {
    Node answer = session.api().get(PATH);
    List<Node> tokens = answer.list("tokens");
    switch (session.output()) {
      case NAME -> tokens.forEach(it -> session.line(it.text("id")));
      case JSON, YAML -> session.record(answer);
      case TABLE -> {
        if (tokens.isEmpty()) {
          session.say("No tokens.");
          return;
        }
        Table table =
            new Table()
                .column("TOKEN")
                .column("PERMISSION")
                .column("SCOPE")
                .column("EXPIRES")
                .column("LAST USED");
        long now = session.time().micros();
        for (Node token : tokens) {
          table.row(
              token.text("id"),
              token.text("permission"),
              token.text("scope"),
              expiry(token.number("expiresMicros"), now),
              token.number("lastUsedMicros") == 0
                  ? "never"
                  : Text.age(now - token.number("lastUsedMicros")) + " ago");
        }
        session.table(table);
      }
    }
  }

  private static String expiry(long expires, long now) {
    return expires <= now ? "expired" : "in " + Text.age(expires - now);
  }
}
