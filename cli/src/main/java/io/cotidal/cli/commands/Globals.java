package io.cotidal.cli.commands;

import java.util.ArrayList;
import java.util.List;

/**
 * A command line taken apart: the command's words first, then everything else. Options that every
 * command has may stand before the command's name, too.
 *
 * @param words of the command line from the first that is no option
 * @param before options before it, with their values
 */
public record Globals(List<String> words, List<String> before) {
  /** The address of the server. */
  public static final String SERVER = "--server";

  /** The form of the output. */
  public static final String OUTPUT = "--output";

  static final String OUTPUT_SHORT = "-o";

  /** No talk. */
  public static final String QUIET = "--quiet";

  static final String QUIET_SHORT = "-q";

  /** Help. */
  public static final String HELP = "--help";

  /** Help. */
  public static final String HELP_SHORT = "-h";

  /** Splits {@code arguments}. */
  public static Globals split(List<String> arguments) {
    List<String> before = new ArrayList<>();
    int i = 0;
    while (i < arguments.size() && arguments.get(i).startsWith("-")) {
      String option = arguments.get(i++);
      before.add(option);
      boolean valueFollows =
          option.equals(SERVER) || option.equals(OUTPUT) || option.equals(OUTPUT_SHORT);
      if (valueFollows && i < arguments.size()) {
        before.add(arguments.get(i++));
      }
    }
    return new Globals(List.copyOf(arguments.subList(i, arguments.size())), List.copyOf(before));
  }

  /** Whether help is asked for before any command. */
  public boolean help() {
    return before.contains(HELP) || before.contains(HELP_SHORT);
  }

  /** What follows the first {@code count} words, with the options from before. */
  public List<String> after(int count) {
    List<String> rest = new ArrayList<>(before);
    rest.addAll(words.subList(count, words.size()));
    return rest;
  }
}
