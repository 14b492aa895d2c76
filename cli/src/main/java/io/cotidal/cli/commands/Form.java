package io.cotidal.cli.commands;

import io.cotidal.cli.terminal.Failure;
import io.cotidal.cli.terminal.Style;
import io.cotidal.cli.terminal.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** What one command takes: the parser, its messages and its help follow from this. */
public final class Form {
  private final String name;
  private final CommandSpec spec = CommandSpec.create();
  private final List<String> details = new ArrayList<>();
  private final List<String> examples = new ArrayList<>();
  private final List<String> synopsis = new ArrayList<>();
  private int operands;
  private int required;

  /**
   * A form without operands and with the options that every command has.
   *
   * @param name of the command, as it is written after {@code cot}
   */
  public Form(String name, String summary) {
    this.name = name;
    spec.name("cot " + name);
    spec.usageMessage().description(summary + ".");
  }

  /** What the help says below the summary: whole sentences. */
  public Form detail(String sentences) {
    details.add(sentences);
    return this;
  }

  /** A command line that the help shows, without its {@code cot}. */
  public Form example(String line, String meaning) {
    examples.add(String.format(Locale.ROOT, "  cot %-40s %s", line, meaning).stripTrailing());
    return this;
  }

  /** A word that must be there. */
  public Form operand(String label, String meaning) {
    synopsis.add(label);
    required++;
    return positional(label, meaning, "1");
  }

  /** A word that may be there. */
  public Form optionalOperand(String label, String meaning) {
    synopsis.add("[" + label + "]");
    return positional(label, meaning, "0..1");
  }

  private Form positional(String label, String meaning, String arity) {
    spec.addPositional(
        PositionalParamSpec.builder()
            .index(String.valueOf(operands))
            .arity(arity)
            .required(false)
            .type(String.class)
            .paramLabel(label)
            .description(escaped(meaning))
            .build());
    operands++;
    return this;
  }

  /** An option with a value. */
  public Form option(String option, String label, String meaning) {
    return option(List.of(option), label, meaning);
  }

  /** An option with a value and several names, the short one first. */
  Form option(List<String> options, String label, String meaning) {
    return option(options, label, meaning, false);
  }

  /** An option with a value that must be there. */
  public Form requiredOption(String option, String label, String meaning) {
    synopsis.add(option + " " + label);
    return option(List.of(option), label, meaning, true);
  }

  private Form option(List<String> options, String label, String meaning, boolean needed) {
    spec.addOption(
        OptionSpec.builder(options.toArray(new String[0]))
            .type(String.class)
            .paramLabel(label)
            .required(needed)
            .description(escaped(meaning))
            .build());
    return this;
  }

  /** An option without a value. */
  public Form flag(String option, String meaning) {
    return flag(List.of(option), meaning);
  }

  private Form flag(List<String> options, String meaning) {
    spec.addOption(
        OptionSpec.builder(options.toArray(new String[0]))
            .type(boolean.class)
            .arity("0")
            .description(escaped(meaning))
            .build());
    return this;
  }

  /** {@code --watch}, for a command that only reads. */
  public Form watchable() {
    return flag(List.of("-w", "--watch"), "Show it again whenever it changes, until Ctrl-C.");
  }

  /** The options that every command has. */
  Form withGlobals() {
    option(
        List.of(Globals.OUTPUT_SHORT, Globals.OUTPUT), "FORM", "table, json, yaml or name.", false);
    option(
        List.of(Globals.SERVER),
        "URL",
        "Where the daemon listens (COT_SERVER; http://127.0.0.1:7400).",
        false);
    flag(List.of(Globals.QUIET_SHORT, Globals.QUIET), "No talk on stderr, only errors.");
    return flag(List.of(Globals.HELP_SHORT, Globals.HELP), "Show this help.");
  }

  /** picocli reads a percent sign as the start of a format. */
  private static String escaped(String text) {
    return text.replace("%", "%%");
  }

  /**
   * Reads a command line.
   *
   * @throws Failure naming what is unknown, missing or superfluous
   */
  public Arguments parse(List<String> arguments) {
    CommandLine line = commandLine();
    try {
      Arguments read =
          new Arguments(line.parseArgs(arguments.toArray(new String[0])), "cot " + usage());
      if (required > 0) {
        read.needOperand(required - 1);
      }
      return read;
    } catch (CommandLine.MissingParameterException missing) {
      throw Failure.usage(missing(missing), "usage: cot " + usage());
    } catch (CommandLine.UnmatchedArgumentException unmatched) {
      throw unmatched(unmatched.getUnmatched().getFirst());
    } catch (CommandLine.ParameterException other) {
      String message = other.getMessage();
      throw Failure.usage(
          message == null ? "the command line makes no sense" : message,
          "see cot " + name + " --help");
    }
  }

  CommandLine commandLine() {
    CommandLine line = new CommandLine(spec);
    line.setExpandAtFiles(false);
    line.setInterpolateVariables(false);
    line.setUnmatchedOptionsAllowedAsOptionParameters(false);
    return line;
  }

  private static String missing(CommandLine.MissingParameterException problem) {
    List<String> names = new ArrayList<>();
    for (CommandLine.Model.ArgSpec argument : problem.getMissing()) {
      names.add(
          argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel());
    }
    if (names.isEmpty()) {
      String message = problem.getMessage();
      return message == null ? "something is missing" : message;
    }
    return String.join(" and ", names) + (names.size() == 1 ? " is missing" : " are missing");
  }

  private Failure unmatched(String word) {
    if (!word.startsWith("-")) {
      return Failure.usage("'" + word + "' is one word too many", "usage: cot " + usage());
    }
    String option = word.contains("=") ? word.substring(0, word.indexOf('=')) : word;
    if (option.equals("--token")) {
      return Failure.usage(
          "--token does not exist, for every process on the machine could read it",
          "set COT_TOKEN, or write the token into ~/.config/cotidal/token (chmod 600)");
    }
    TreeSet<String> names = new TreeSet<>();
    for (Map.Entry<String, OptionSpec> known : spec.optionsMap().entrySet()) {
      names.add(known.getKey());
    }
    String near = Text.nearest(option, names);
    return Failure.usage(
        "cot " + name + " has no option " + option,
        near.isEmpty() ? "see cot " + name + " --help" : "did you mean " + near + "?");
  }

  /** The command line in short, without its {@code cot}. */
  String usage() {
    return (name + " " + String.join(" ", synopsis)).strip() + " [options]";
  }

  CommandSpec spec() {
    return spec;
  }

  /** The help of this command. */
  public String help(Style style, int width) {
    UsageMessageSpec usage = spec.usageMessage();
    usage.width(Math.clamp(width, 60, 100));
    usage.customSynopsis("cot " + usage());
    usage.synopsisHeading("");
    usage.descriptionHeading("%n");
    usage.optionListHeading("%nOptions%n");
    usage.sortOptions(false);
    List<String> description = new ArrayList<>(List.of(usage.description()));
    for (String detail : details) {
      description.add("");
      description.add(escaped(detail));
    }
    usage.description(description.toArray(new String[0]));
    usage.parameterListHeading(operands == 0 ? "" : "%nOperands%n");
    if (!examples.isEmpty()) {
      List<String> footer = new ArrayList<>(List.of("", "Examples"));
      examples.forEach(example -> footer.add(escaped(example)));
      usage.footer(footer.toArray(new String[0]));
    }
    Ansi ansi = style.coloured() ? Ansi.ON : Ansi.OFF;
    return new CommandLine(spec).getUsageMessage(ansi);
  }
}
