package io.cotidal.sources.roll;

import io.cotidal.model.Details;
import java.util.Set;
import java.util.regex.Pattern;

/** What a source says of a member beside its address, within bounds. */
public final class Labels {
  /** The attribute that holds the host. */
  public static final String HOST = "host";

  /** The attribute that holds the port, if the source says one. */
  public static final String PORT = "port";

  /** What a label may not be called, for something else is. */
  private static final Set<String> TAKEN = Set.of(HOST, PORT);

  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]{0,62}");
  private static final int LONGEST = 253;
  private static final int MOST = 64;

  private Labels() {}

  /**
   * The labels with one more.
   *
   * @throws NoAnswer if it is none, or is called like an attribute that is no label
   */
  public static Details with(Details labels, String name, String value) throws NoAnswer {
    if (!NAME.matcher(name).matches() || TAKEN.contains(name)) {
      throw new NoAnswer("a label is called " + Words.quote(name) + ": call it otherwise");
    }
    if (value.length() > LONGEST || value.codePoints().anyMatch(Character::isISOControl)) {
      throw new NoAnswer(
          "the label "
              + name
              + " has the value "
              + Words.quote(value)
              + ": keep it on one line, and within "
              + LONGEST
              + " characters");
    }
    if (labels.entries().size() >= MOST) {
      throw new NoAnswer("a member has more than " + MOST + " labels: leave some out");
    }
    return labels.with(name, value);
  }
}
