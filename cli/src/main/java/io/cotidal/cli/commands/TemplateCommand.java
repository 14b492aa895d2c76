package io.cotidal.cli.commands;

import io.cotidal.cli.api.Node;
import io.cotidal.cli.terminal.ExitCode;
import io.cotidal.cli.terminal.Failure;
import io.cotidal.model.ResourceId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code cot template …}: what copies are made of. */
final class TemplateCommand implements Command {
  /** What is asked for. */
  enum Verb {
    /** All. */
    LIST,
    /** One with its generations. */
    SHOW,
    /** A new generation. */
    IMPORT
  }

  /** What the daemon is told as it is written here. */
  private static final List<String> INPUT =
      List.of("dump", "to-time", "to-lsn", "to-name", "backup", "timeline");

  private final Verb verb;

  TemplateCommand(Verb verb) {
    this.verb = verb;
  }

  @Override
  public void declare(Form form) {
    switch (verb) {
      case LIST -> form.watchable().example("template list", "");
      case SHOW ->
          form.operand("copies/TEMPLATE", "The template.")
              .watchable()
              .detail("With its generations and where they come from; * is the one in use.")
              .example("template show copies/shop", "");
      case IMPORT -> {
        form.optionalOperand("copies/TEMPLATE", "The template.")
            .flag("--all", "Import every template from its configured dump.")
            .option("--dump", "FILE", "A dump on the daemon's host; else the configured one.")
            .option("--file", "FILE", "A dump on this host, which is uploaded; - is stdin.")
            .option("--to-time", "TIME", "Of an archive up to a time with its zone.")
            .option("--to-lsn", "LSN", "Of an archive up to a position in its log.")
            .option("--to-name", "NAME", "Of an archive up to a restore point.")
            .option("--backup", "BACKUP", "Of an archive from that base backup.")
            .option("--timeline", "NUMBER", "Of an archive on that timeline.");
        Beginning.declare(form);
        form.detail("Copies that are in use keep the generation that they were made from.")
            .example("template import copies/shop --wait", "")
            .example("template import copies/shop --file shop.sql.gz --wait", "")
            .example("template import copies/then --to-time '2026-11-23 14:05:00Z' --wait", "")
            .example("template import --all", "");
      }
    }
  }

  @Override
  public ExitCode run(Arguments arguments, Session session) throws InterruptedException {
    return switch (verb) {
      case LIST -> Watching.run(arguments, session, TemplateCommand::list);
      case SHOW -> {
        ResourceId id = ItemName.template(arguments.needOperand(0));
        yield Watching.run(arguments, session, shown -> show(shown, id));
      }
      case IMPORT -> imports(arguments, session);
    };
  }

  private static void list(Session session) {
    List<Node> templates = new Items(session).templates();
    switch (session.output()) {
      case TABLE -> {
        if (templates.isEmpty()) {
          session.say("No templates; write one into the daemon's configuration file.");
        } else {
          new ItemScreen(session).templates(templates);
        }
      }
      case NAME -> templates.forEach(it -> session.line(it.text("id")));
      case JSON, YAML ->
          session.record(
              new Node(Map.of("templates", templates.stream().map(Node::value).toList())));
    }
  }

  private static void show(Session session, ResourceId id) {
    Node template = new Resources(session).get(id);
    switch (session.output()) {
      case TABLE -> {
        ItemScreen screen = new ItemScreen(session);
        screen.templates(List.of(template));
        session.line("");
        screen.generations(template);
      }
      case NAME -> session.line(template.text("id"));
      case JSON, YAML -> session.record(template);
    }
  }

  private static ExitCode imports(Arguments arguments, Session session)
      throws InterruptedException {
    Beginning.limit(arguments);
    Map<String, String> input = new LinkedHashMap<>();
    for (String word : INPUT) {
      arguments.text("--" + word).ifPresent(value -> input.put(word, value));
    }
    Optional<String> file = arguments.text("--file");
    if (file.isPresent()) {
      if (!input.isEmpty() || arguments.flag("--all")) {
        throw Failure.usage(
            "--file sends one dump for one template", "leave out --all and where else to take it");
      }
      return new TemplateUpload(session)
          .run(ItemName.template(wanted(arguments)), file.get(), arguments);
    }
    if (!arguments.flag("--all")) {
      return one(arguments, session, ItemName.template(wanted(arguments)), input);
    }
    if (arguments.operand(0).isPresent() || !input.isEmpty()) {
      throw Failure.usage("--all stands alone", "leave out the template and what to take");
    }
    ExitCode worst = ExitCode.OK;
    for (ResourceId id : all(session)) {
      ExitCode exit = ExitCode.OK;
      try {
        exit = one(arguments, session, id, input);
      } catch (Failure failure) {
        session.say("cot: " + id + ": " + failure.line());
        exit = failure.exit();
      }
      worst = worse(worst, exit);
    }
    return worst;
  }

  /** What failed outranks what still runs. */
  private static ExitCode worse(ExitCode one, ExitCode other) {
    boolean keep = other == ExitCode.OK || (one != ExitCode.OK && other == ExitCode.STILL_RUNNING);
    return keep ? one : other;
  }

  private static String wanted(Arguments arguments) {
    return arguments
        .operand(0)
        .orElseThrow(
            () -> Failure.usage("which template?", "name one as copies/TEMPLATE, or say --all"));
  }

  private static List<ResourceId> all(Session session) {
    List<ResourceId> ids = new ArrayList<>();
    new Items(session).templates().forEach(it -> ids.add(ResourceId.parse(it.text("id"))));
    return ids;
  }

  private static ExitCode one(
      Arguments arguments, Session session, ResourceId id, Map<String, String> input)
      throws InterruptedException {
    return new Beginning(session).begin(id, Resources.path(id) + "/import", input, arguments);
  }
}
