package io.cotidal.directory.target.ds389;

import io.cotidal.directory.ldap.Printable;
import io.cotidal.directory.observe.Csn;
import io.cotidal.directory.observe.Vector;
import java.util.Locale;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a replica update vector as the server writes it. */
final class Ruv {
  private static final Pattern GENERATION =
      Pattern.compile("\\{replicageneration\\}\\s*([0-9a-fA-F]{1,40})\\s*");

  /** The address and either number may be missing. */
  private static final Pattern ELEMENT =
      Pattern.compile(
          "\\{replica ([0-9]{1,5})(?: ([^}\\s]*))?\\s*\\}(?:\\s*([0-9a-fA-F]{20}))?(?:\\s+([0-9a-fA-F]{20}))?\\s*");

  private Ruv() {}

  /**
   * The vector of these values.
   *
   * @throws IllegalArgumentException if one of them is in no form that is known: half a vector
   *     would say that changes are missing, or that none are
   */
  static Vector parse(String... values) {
    String generation = "";
    TreeMap<Integer, Vector.Element> elements = new TreeMap<>();
    for (String value : values) {
      Matcher first = GENERATION.matcher(value);
      Matcher element = ELEMENT.matcher(value);
      if (first.matches()) {
        generation = first.group(1).toLowerCase(Locale.ROOT);
      } else if (element.matches()) {
        String url = element.group(2) == null ? "" : element.group(2);
        String latest = element.group(4) == null ? element.group(3) : element.group(4);
        elements.put(
            Integer.valueOf(element.group(1)),
            new Vector.Element(url, latest == null ? null : Csn.parse(latest)));
      } else {
        throw new IllegalArgumentException(
            "'" + Printable.of(value) + "' is no part of a replica update vector");
      }
    }
    return new Vector(generation, elements);
  }
}
