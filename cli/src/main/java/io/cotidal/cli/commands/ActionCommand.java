package io.cotidal.cli.commands;

import io.cotidal.cli.api.Node;
import io.cotidal.cli.terminal.ExitCode;
import io.cotidal.cli.terminal.Failure;
import io.cotidal.cli.terminal.Text;
import io.cotidal.model.Action;
import io.cotidal.model.Names;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Risk;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A command that follows from the actions of one name, of one kind or of several. */
final class ActionCommand implements Command {
  private static final int LONGEST_TEXT = 200;

  private final List<Action> actions;

  /**
   * The command.
   *
   * @param actions of the same name, at least one
   */
  ActionCommand(List<Action> actions) {
    this.actions = List.copyOf(actions);
  }

  static String summary(Action action) {
    String summary = action.summary();
    return summary.endsWith(".") ? summary.substring(0, summary.length() - 1) : summary;
  }

  @Override
  public void declare(Form form) {
    Action first = actions.getFirst();
    form.operand("KIND/NAME", "The resource.");
    fields().values().forEach(field -> option(form, field));
    if (first.reads()) {
      form.detail("It only reads. Ends with 1 if something is not, or may not be, as it should be.")
          .example(first.name() + " " + first.kind() + "/NAME" + given(first), "");
      return;
    }
    form.flag("--dry-run", "Only show the steps; change nothing.");
    Beginning.declare(form);
    Confirmation.declare(form);
    form.detail(risk(first.risk()));
    String resource = first.kind() + "/NAME";
    String line = first.name() + " " + resource + given(first);
    form.example(line + " --dry-run", "what would be done")
        .example(line + " --wait", "do it, and see each step");
  }

  private static String risk(Risk risk) {
    return switch (risk) {
      case NONE -> "It only reads.";
      case SAFE -> "Safe: it adds or repairs.";
      case DISRUPTIVE -> "Disruptive: a short interruption.";
      case IRREVERSIBLE ->
          "Irreversible: it promotes or destroys data. On a terminal the resource's name must be"
              + " typed; elsewhere --yes is needed.";
    };
  }

  /** Options for an example line: required ones, else the first that names a member. */
  private static String given(Action action) {
    StringBuilder options = new StringBuilder();
    for (Action.Field field : action.input()) {
      if (field.required() || (options.isEmpty() && field.type() == Action.Type.MEMBER)) {
        options.append(" --").append(field.name());
        options.append(
            switch (field.type()) {
              case MEMBER -> " b";
              case NAME -> " NAME";
              case FLAG -> "";
              case TEXT -> " TEXT";
            });
      }
    }
    return options.toString();
  }

  private Map<String, Action.Field> fields() {
    Map<String, Action.Field> fields = new LinkedHashMap<>();
    for (Action action : actions) {
      action.input().forEach(field -> fields.putIfAbsent(field.name(), field));
    }
    return fields;
  }

  private void option(Form form, Action.Field field) {
    String option = "--" + field.name();
    boolean everywhere = field.required() && actions.size() == 1;
    switch (field.type()) {
      case FLAG -> form.flag(option, field.summary());
      case MEMBER, NAME, TEXT -> {
        String label = field.type().name();
        if (everywhere) {
          form.requiredOption(option, label, field.summary());
        } else {
          form.option(option, label, field.summary());
        }
      }
    }
  }

  @Override
  public ExitCode run(Arguments arguments, Session session) throws InterruptedException {
    ResourceId id = arguments.needResource(0);
    Action action = of(id);
    Map<String, String> input = input(action, arguments);
    if (action.reads()) {
      return ReportScreen.show(
          session, session.api().get(Resources.path(id) + question(action, input)));
    }
    Beginning.limit(arguments);
    String path = Resources.path(id) + "/" + action.name();
    if (arguments.flag("--dry-run")) {
      show(session, preview(session, id, path, input));
      return ExitCode.OK;
    }
    if (action.risk() == Risk.IRREVERSIBLE) {
      if (!arguments.flag("--yes") && Confirmation.canAnswer(session.terminal())) {
        // Who is to answer sees the steps first.
        session.say(StepScreen.preview(preview(session, id, path, input)));
      }
      Confirmation.ask(arguments, session, action.name() + " " + id, id.toString());
    }
    return new Beginning(session).begin(id, path, input, arguments);
  }

  /** The route of a question. */
  private static String question(Action action, Map<String, String> input) {
    StringBuilder route = new StringBuilder("/" + action.name());
    input.forEach((name, value) ->
        route
            .append(route.indexOf("?") < 0 ? '?' : '&')
            .append(name)
            .append('=')
            .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
    return route.toString();
  }

  private Action of(ResourceId id) {
    List<String> kinds = new ArrayList<>();
    for (Action action : actions) {
      if (action.kind().equals(id.kind())) {
        return action;
      }
      kinds.add(action.kind());
    }
    String name = actions.getFirst().name();
    String near = Text.nearest(id.kind(), kinds);
    throw Failure.usage(
        "kind '" + id.kind() + "' has no " + name,
        near.isEmpty()
            ? "kinds that have: " + String.join(", ", kinds)
            : "did you mean " + near + "/" + id.name() + "?");
  }

  private static Map<String, String> input(Action action, Arguments arguments) {
    Map<String, String> input = new LinkedHashMap<>();
    for (Action.Field field : action.input()) {
      String option = "--" + field.name();
      if (field.type() == Action.Type.FLAG) {
        if (arguments.flag(option)) {
          input.put(field.name(), "true");
        }
        continue;
      }
      String value = arguments.text(option).orElse("");
      if (value.isEmpty() && field.required()) {
        throw Failure.usage(
            option + " is missing", "it says: " + field.summary().toLowerCase(Locale.ROOT));
      }
      if (!value.isEmpty()) {
        input.put(field.name(), checked(field, option, value));
      }
    }
    return input;
  }

  private static String checked(Action.Field field, String option, String value) {
    if (field.type() == Action.Type.MEMBER && !Names.valid(value)) {
      throw Failure.usage(
          option + " '" + value + "' is no name of a member",
          "cot get KIND/NAME shows the members");
    }
    if (field.type() == Action.Type.NAME && !Names.valid(value)) {
      throw Failure.usage(
          option + " '" + value + "' does not fit",
          "use 1 to 63 of a-z 0-9 . _ - and begin with a letter or digit");
    }
    if (value.length() > LONGEST_TEXT) {
      throw Failure.usage(option + " is longer than " + LONGEST_TEXT + " characters", "shorten it");
    }
    return value;
  }

  private static Node preview(
      Session session, ResourceId id, String path, Map<String, String> input)
      throws InterruptedException {
    return new Beginning(session).repeatable(id, path + "?dryRun=true", input, Map.of()).body();
  }

  private static void show(Session session, Node preview) {
    if (!session.forPeople()) {
      session.record(preview);
      return;
    }
    session.table(StepScreen.preview(preview));
    session.say("Dry run: nothing was changed.");
  }
}
