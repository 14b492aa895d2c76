package io.cotidal.cli.commands;

import io.cotidal.cli.terminal.ExitCode;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** {@code cot copy reset|renew|stop|start|delete}: what becomes of a copy. */
final class CopyChange implements Command {
  /** What is asked for; the action's name is the word in lower case. */
  enum Verb {
    /** The template's data again. */
    RESET,
    /** A longer life. */
    RENEW,
    /** Its server ends. */
    STOP,
    /** Its server runs again. */
    START,
    /** It goes. */
    DELETE
  }

  private final Verb verb;

  CopyChange(Verb verb) {
    this.verb = verb;
  }

  private String word() {
    return verb.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public void declare(Form form) {
    form.operand("copies/TEMPLATE/NAME", "The copy.");
    switch (verb) {
      case RESET -> {
        form.flag("--refresh", "Take the newest generation, not the one it was made from.");
        Confirmation.declare(form);
        form.detail("Its data is replaced; address and password stay.");
      }
      case RENEW -> {
        form.option("--ttl", "TIME", "How long from now: 90m, 8h, 2d, or never.");
        form.detail("Without --ttl as long as a new copy may live.");
      }
      case STOP -> form.detail("Its data stays; cot copy start lets it run again.");
      case START -> form.detail("Address and password are those that it had.");
      case DELETE -> {
        Confirmation.declare(form);
        form.detail("Its data goes with it.");
      }
    }
    Beginning.declare(form);
    form.example("copy " + word() + " copies/shop/feature-42" + given(), "");
  }

  private String given() {
    return switch (verb) {
      case RESET -> " --refresh --wait";
      case RENEW -> " --ttl 8h";
      case STOP, START -> " --wait";
      case DELETE -> " --yes";
    };
  }

  @Override
  public ExitCode run(Arguments arguments, Session session) throws InterruptedException {
    ItemName name = ItemName.parse(arguments.needOperand(0));
    Beginning.limit(arguments);
    Map<String, String> input = new LinkedHashMap<>();
    input.put("name", name.name());
    switch (verb) {
      case RESET -> {
        if (arguments.flag("--refresh")) {
          input.put("refresh", "true");
        }
        Confirmation.ask(arguments, session, "reset " + name, name.toString());
      }
      case RENEW -> arguments.text("--ttl").ifPresent(ttl -> input.put("ttl", ttl));
      case STOP, START -> {}
      case DELETE -> Confirmation.ask(arguments, session, "delete " + name, name.toString());
    }
    String path = Resources.path(name.template()) + "/" + word();
    return new Beginning(session).begin(name.template(), path, input, arguments);
  }
}
