package io.cotidal.cli;

import io.cotidal.cli.commands.Commands;
import io.cotidal.cli.terminal.Style;
import io.cotidal.cli.terminal.Tone;
import java.util.LinkedHashMap;
import java.util.Map;

/** The help above the single commands. */
final class Help {
  private static final String HEAD =
      """
      cot: one control plane for everything that you keep in more than one copy

      Usage: cot COMMAND [KIND/NAME] [options]
      """;

  private static final String FOOT =
      """
        cot get                                      how are all resources?
        cot status postgres/orders                   what is the matter with this one?
        cot switchover postgres/orders --to b --dry-run
        cot op watch postgres/orders#17              follow an operation
        cot COMMAND --help                           options and more examples
      """;

  private static final String SETTINGS =
      """
        --server URL     where the daemon listens; COT_SERVER; else http://127.0.0.1:7400
        -o FORM          table, json, yaml or name
        -q, --quiet      no talk on stderr, only errors
        COT_TOKEN        the token, or its file in COT_TOKEN_FILE; else ~/.config/cotidal/token
        NO_COLOR         no colours
      """;

  private static final String EXITS =
      """
        0 ok   1 failed   2 usage   3 drift   4 not found   5 conflict   6 not allowed
        7 still running   8 needs attention
      """;

  private final Commands commands;
  private final Style style;

  Help(Commands commands, Style style) {
    this.commands = commands;
    this.style = style;
  }

  /** All commands. */
  String all() {
    StringBuilder out = new StringBuilder(HEAD);
    commands.chapters().forEach((heading, chapter) -> chapter(out, heading, chapter));
    section(out, "Examples", FOOT);
    section(out, "Settings", SETTINGS);
    section(out, "Exit codes", EXITS);
    return out.toString();
  }

  /** The commands that begin with {@code word}; empty if there are none. */
  String group(String word) {
    Map<String, String> members = new LinkedHashMap<>();
    commands
        .chapters()
        .values()
        .forEach(chapter ->
            chapter.forEach((name, summary) -> {
              if (name.startsWith(word + " ")) {
                members.put(name, summary);
              }
            }));
    if (members.isEmpty()) {
      return "";
    }
    StringBuilder out = new StringBuilder("Usage: cot " + word + " COMMAND [options]\n");
    chapter(out, "Commands", members);
    return out.append("\ncot ").append(word).append(" COMMAND --help says more.\n").toString();
  }

  private void chapter(StringBuilder out, String heading, Map<String, String> chapter) {
    out.append('\n').append(style.paint(Tone.STRONG, heading)).append('\n');
    int widest = 14;
    for (String name : chapter.keySet()) {
      widest = Math.max(widest, name.length());
    }
    for (Map.Entry<String, String> entry : chapter.entrySet()) {
      out.append("  ").append(entry.getKey());
      out.repeat(' ', widest - entry.getKey().length() + 3);
      out.append(entry.getValue()).append('\n');
    }
  }

  private void section(StringBuilder out, String heading, String text) {
    out.append('\n').append(style.paint(Tone.STRONG, heading)).append('\n').append(text);
  }
}
