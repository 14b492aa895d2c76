package io.cotidal.directory.graph;

import io.cotidal.model.Details;
import java.util.Set;

/** Reads what a graph was given beside its name. */
final class Parameters {
  /** How many neighbours each member has. */
  static final String DEGREE = "degree";

  private Parameters() {}

  /** Refuses every parameter but {@code known}. */
  static void only(Details parameters, String... known) {
    for (String name : parameters.entries().keySet()) {
      if (!Set.of(known).contains(name)) {
        throw new IllegalArgumentException(
            "parameter '"
                + name
                + "': this graph takes "
                + (known.length == 0 ? "none" : String.join(", ", known)));
      }
    }
  }

  /** An even number of neighbours, at least 2. */
  static int degree(Details parameters, int otherwise) {
    String text = parameters.get(DEGREE, Integer.toString(otherwise));
    int degree = number(DEGREE, text);
    if (degree < 2 || degree > 64 || degree % 2 != 0) {
      throw new IllegalArgumentException(
          "degree '" + text + "': write an even number from 2 to 64, 4 for example");
    }
    return degree;
  }

  /** A whole number that is not negative. */
  static int number(String name, String text) {
    try {
      int number = Integer.parseInt(text);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new IllegalArgumentException(name + " '" + text + "': write a whole number");
  }
}
