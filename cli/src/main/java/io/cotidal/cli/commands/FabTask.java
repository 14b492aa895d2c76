package io.cotidal.cli.commands;

import io.cotidal.cli.terminal.ExitCode;
import io.cotidal.cli.terminal.Failure;
import io.cotidal.cli.terminal.Text;
import java.util.ArrayList;
import java.util.List;

/**
 * A task as Fabric has it on its command line: {@code db.new:shop,feature-42}, or by names {@code
 * db.new:template=shop,name=feature-42}.
 *
 * @param template empty if the task takes none
 * @param name empty if the task takes none
 */
record FabTask(Verb verb, String template, String name) {
  /** The tasks. */
  enum Verb {
    LS("db.ls", false),
    TEMPLATES("db.templates", false),
    NEW("db.new", true),
    RM("db.rm", true),
    INFO("db.info", true),
    SHOW("db.show", true),
    SHELL("db.shell", true),
    CONTAINER("db.container", true);

    private final String word;
    private final boolean takesCopy;

    Verb(String word, boolean takesCopy) {
      this.word = word;
      this.takesCopy = takesCopy;
    }
  }

  /**
   * Reads a task.
   *
   * @throws Failure with Fabric's exit code 1 if there is no such task or its arguments do not fit
   */
  static FabTask parse(String text) {
    String[] parts = text.split(":", 2);
    Verb verb = verb(parts[0]);
    List<String> values = new ArrayList<>();
    String template = "";
    String name = "";
    if (parts.length == 2 && !parts[1].isEmpty()) {
      for (String argument : parts[1].split(",", -1)) {
        String[] pair = argument.split("=", 2);
        if (pair.length == 2 && pair[0].equals("template")) {
          template = pair[1];
        } else if (pair.length == 2 && pair[0].equals("name")) {
          name = pair[1];
        } else {
          values.add(argument);
        }
      }
    }
    if (template.isEmpty() && !values.isEmpty()) {
      template = values.removeFirst();
    }
    if (name.isEmpty() && !values.isEmpty()) {
      name = values.removeFirst();
    }
    boolean complete = !template.isEmpty() && !name.isEmpty();
    boolean empty = template.isEmpty() && name.isEmpty();
    if (!values.isEmpty() || !(verb.takesCopy ? complete : empty)) {
      throw wrong(
          "'" + text + "' does not fit",
          "write " + verb.word + (verb.takesCopy ? ":TEMPLATE,NAME" : ""));
    }
    return new FabTask(verb, template, name);
  }

  private static Verb verb(String word) {
    List<String> words = new ArrayList<>();
    for (Verb verb : Verb.values()) {
      if (verb.word.equals(word)) {
        return verb;
      }
      words.add(verb.word);
    }
    String near = Text.nearest(word, words);
    throw wrong(
        "no task '" + word + "'",
        near.isEmpty() ? "tasks are " + String.join(", ", words) : "did you mean " + near + "?");
  }

  private static Failure wrong(String what, String next) {
    return new Failure(ExitCode.FAILED, what, next);
  }
}
