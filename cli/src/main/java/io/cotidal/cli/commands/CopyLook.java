package io.cotidal.cli.commands;

import io.cotidal.cli.api.Node;
import io.cotidal.cli.terminal.ExitCode;
import io.cotidal.cli.terminal.Failure;
import io.cotidal.model.ResourceId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code cot copy list|show|env}: copies and how they are reached. */
final class CopyLook implements Command {
  /** What is asked for. */
  enum Verb {
    /** The caller's, or all. */
    LIST,
    /** One. */
    SHOW,
    /** One's settings. */
    ENV
  }

  private final Verb verb;

  CopyLook(Verb verb) {
    this.verb = verb;
  }

  @Override
  public void declare(Form form) {
    switch (verb) {
      case LIST ->
          form.optionalOperand("copies/TEMPLATE", "Copies of one template; all if left out.")
              .watchable()
              .detail("Yours; an operator sees everybody's.")
              .example("copy list", "")
              .example("copy list copies/shop -o name", "");
      case SHOW ->
          form.operand("copies/TEMPLATE/NAME", "The copy.")
              .flag("--access", "Show the connection strings, too. They hold the password.")
              .example("copy show copies/shop/feature-42", "")
              .example("copy show copies/shop/feature-42 --access -o json", "");
      case ENV ->
          form.operand("copies/TEMPLATE/NAME", "The copy.")
              .detail("Lines for a file .env on stdout. They hold the password.")
              .example("copy env copies/shop/feature-42 > .env", "");
    }
  }

  @Override
  public ExitCode run(Arguments arguments, Session session) throws InterruptedException {
    if (verb == Verb.LIST) {
      Optional<ResourceId> template = arguments.operand(0).map(ItemName::template);
      return Watching.run(arguments, session, shown -> list(shown, template));
    }
    ItemName name = ItemName.parse(arguments.needOperand(0));
    if (verb == Verb.ENV) {
      env(session, name);
    } else {
      show(session, name, arguments.flag("--access"));
    }
    return ExitCode.OK;
  }

  private static void list(Session session, Optional<ResourceId> template) {
    List<Items.Copy> copies = new Items(session).copies(template);
    switch (session.output()) {
      case TABLE -> {
        if (copies.isEmpty()) {
          session.say("No copies of yours; make one: cot copy create copies/TEMPLATE/NAME");
        } else {
          new ItemScreen(session).copies(copies);
        }
      }
      case NAME -> copies.forEach(copy -> session.line(copy.name().toString()));
      case JSON, YAML ->
          session.record(
              new Node(
                  Map.of("copies", copies.stream().map(copy -> record(copy, Map.of())).toList())));
    }
  }

  private static void show(Session session, ItemName name, boolean withAccess) {
    Items items = new Items(session);
    Items.Copy copy = new Items.Copy(name, items.copy(name));
    Map<String, String> access = withAccess ? items.access(name) : Map.of();
    if (session.forPeople()) {
      new ItemScreen(session).copy(name, copy.item());
      if (!access.isEmpty()) {
        session.line("");
      }
    }
    told(session, copy, access);
  }

  /** Shows how a copy is reached, or the whole record to a program. */
  static void told(Session session, Items.Copy copy, Map<String, String> access) {
    switch (session.output()) {
      case TABLE -> new ItemScreen(session).access(access);
      case NAME -> session.line(copy.name().toString());
      case JSON, YAML -> session.record(new Node(record(copy, access)));
    }
  }

  private static Map<String, Object> record(Items.Copy copy, Map<String, String> access) {
    Map<String, Object> record = new LinkedHashMap<>();
    record.put("id", copy.name().toString());
    if (copy.item().value() instanceof Map<?, ?> item) {
      item.forEach((name, value) -> record.put(String.valueOf(name), value));
    }
    if (!access.isEmpty()) {
      record.put("access", access);
    }
    return record;
  }

  private static void env(Session session, ItemName name) {
    String lines = new Items(session).access(name).getOrDefault("env", "");
    if (lines.isEmpty()) {
      throw new Failure(
          ExitCode.FAILED,
          "the server knows no .env lines for " + name,
          "cot copy show " + name + " --access shows what it knows");
    }
    if (session.forPeople()) {
      lines.lines().forEach(session::line);
    } else {
      session.record(new Node(Map.of("env", lines)));
    }
  }
}
