package io.cotidal.cli.commands;

import io.cotidal.cli.terminal.ExitCode;
import io.cotidal.cli.terminal.Failure;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import picocli.CommandLine.Model.OptionSpec;

/** {@code cot completion}: commands, options, and the names of resources, completed by bash. */
final class CompletionCommand implements Command {
  private final Commands commands;

  CompletionCommand(Commands commands) {
    this.commands = commands;
  }

  @Override
  public void declare(Form form) {
    form.optionalOperand("SHELL", "bash; no other is known yet.")
        .detail("Names of resources are asked of the server while you type.")
        .example("completion > ~/.local/share/bash-completion/completions/cot", "");
  }

  @Override
  public ExitCode run(Arguments arguments, Session session) {
    String shell = arguments.operand(0).orElse("bash");
    if (!shell.equals("bash")) {
      throw Failure.usage("no completion for '" + shell + "'", "only bash is known");
    }
    session.terminal().out().print(script());
    return ExitCode.OK;
  }

  private String script() {
    Map<String, Set<String>> second = new TreeMap<>();
    StringBuilder options = new StringBuilder();
    for (String name : commands.names()) {
      String[] words = name.split(" ", 2);
      Set<String> verbs = second.computeIfAbsent(words[0], word -> new TreeSet<>());
      if (words.length > 1) {
        verbs.add(words[1]);
      }
      options(name).ifPresent(it -> options.append(branch(name, it)));
    }
    StringBuilder verbs = new StringBuilder();
    second.forEach((word, more) -> {
      if (!more.isEmpty()) {
        verbs.append(branch(word, String.join(" ", more)));
      }
    });
    return TEMPLATE
        .replace("@FIRST@", String.join(" ", second.keySet()))
        .replace("@VERBS@", verbs)
        .replace("@OPTIONS@", options);
  }

  private Optional<String> options(String name) {
    return commands
        .find(name)
        .map(found -> {
          Set<String> names = new TreeSet<>();
          for (OptionSpec option : found.form().spec().options()) {
            names.addAll(List.of(option.names()));
          }
          return String.join(" ", names);
        });
  }

  private static String branch(String pattern, String words) {
    return "    '" + pattern + "') words='" + words + "' ;;\n";
  }

  private static final String TEMPLATE =
      """
      # bash completion for cot; made by: cot completion
      _cot() {
        local current=${COMP_WORDS[COMP_CWORD]} words='' name=${COMP_WORDS[1]}
        if [[ $COMP_CWORD -eq 1 ]]; then
          COMPREPLY=($(compgen -W '@FIRST@' -- "$current"))
          return
        fi
        case $name in
      @VERBS@    esac
        if [[ -n $words ]]; then
          if [[ $COMP_CWORD -eq 2 ]]; then
            COMPREPLY=($(compgen -W "$words" -- "$current"))
            return
          fi
          name="$name ${COMP_WORDS[2]}"
        fi
        words=''
        case $name in
      @OPTIONS@    esac
        case ${COMP_WORDS[COMP_CWORD-1]} in
          -o | --output) COMPREPLY=($(compgen -W 'table json yaml name' -- "$current")); return ;;
        esac
        if [[ $current == -* ]]; then
          COMPREPLY=($(compgen -W "$words" -- "$current"))
        elif [[ $name == op\\ * || $name == plan\\ * ]]; then
          COMPREPLY=($(compgen -W "$(cot get -o name 2>/dev/null; cot op list -o name 2>/dev/null)" -- "$current"))
        elif [[ $name == copy\\ * ]]; then
          COMPREPLY=($(compgen -W "$(cot copy list -o name 2>/dev/null; cot template list -o name 2>/dev/null)" -- "$current"))
        elif [[ $name == template\\ * ]]; then
          COMPREPLY=($(compgen -W "$(cot template list -o name 2>/dev/null)" -- "$current"))
        else
          COMPREPLY=($(compgen -W "$(cot get -o name 2>/dev/null)" -- "$current"))
        fi
      }
      complete -F _cot cot
      """;
}
