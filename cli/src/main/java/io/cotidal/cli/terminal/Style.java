package io.cotidal.cli.terminal;

import java.util.Map;

/** Colours, or none. */
public record Style(boolean coloured) {
  /** Never a colour. */
  public static final Style NONE = new Style(false);

  /**
   * What the environment asks for: {@code NO_COLOR} and {@code CLICOLOR=0} switch off, {@code
   * CLICOLOR_FORCE} switches on, else a terminal that is not dumb has colours.
   */
  public static Style of(Map<String, String> environment, boolean terminal) {
    if (!environment.getOrDefault("NO_COLOR", "").isEmpty()) {
      return NONE;
    }
    String force = environment.getOrDefault("CLICOLOR_FORCE", "0");
    if (!force.isEmpty() && !force.equals("0")) {
      return new Style(true);
    }
    boolean off =
        environment.getOrDefault("CLICOLOR", "1").equals("0")
            || environment.getOrDefault("TERM", "").equals("dumb");
    return new Style(terminal && !off);
  }

  /** {@code text} in the colour of {@code tone}. */
  public String paint(Tone tone, String text) {
    if (!coloured || tone == Tone.PLAIN || text.isEmpty()) {
      return text;
    }
    return "\u001b[" + tone.code() + "m" + text + "\u001b[0m";
  }
}
