package io.cotidal.cli.commands;

import io.cotidal.cli.terminal.Failure;
import io.cotidal.model.Names;
import io.cotidal.model.ResourceId;

/**
 * A copy as it is written on a command line: {@code copies/TEMPLATE/NAME}.
 *
 * @param template the resource
 * @param name of the copy
 */
record ItemName(ResourceId template, String name) {
  /** The kind whose items these are. */
  static final String KIND = "copies";

  /** The sort of items that people make. */
  static final String COPY = "copy";

  /**
   * Reads it.
   *
   * @throws Failure if it has another form
   */
  static ItemName parse(String text) {
    String[] parts = text.split("/", -1);
    boolean fits = parts.length == 3 && parts[0].equals(KIND) && Names.valid(parts[1]);
    if (!fits || !Names.valid(parts[2])) {
      throw Failure.usage(
          "'" + text + "' is no name of a copy",
          "write copies/TEMPLATE/NAME, each of a-z 0-9 . _ -; cot copy list shows them");
    }
    return new ItemName(new ResourceId(KIND, parts[1]), parts[2]);
  }

  /** The template that {@code text} names. */
  static ResourceId template(String text) {
    String[] parts = text.split("/", -1);
    if (parts.length != 2 || !parts[0].equals(KIND) || !Names.valid(parts[1])) {
      throw Failure.usage(
          "'" + text + "' is no name of a template",
          "write copies/TEMPLATE; cot template list shows them");
    }
    return new ResourceId(KIND, parts[1]);
  }

  /** Where the API has it. */
  String path() {
    return Resources.path(template) + "/items/" + COPY + "/" + name;
  }

  @Override
  public String toString() {
    return template + "/" + name;
  }
}
