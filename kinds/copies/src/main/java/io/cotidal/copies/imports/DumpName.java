package io.cotidal.copies.imports;

import io.cotidal.model.Names;
import java.nio.file.Path;
import java.util.List;

/** Which template a dump in the dump folder is for: its file name says so. */
public final class DumpName {
  private static final List<String> PACKED = List.of(".gz", ".zst", ".xz");
  private static final List<String> FORMS =
      List.of(".sql", ".dump", ".pgdump", ".custom", ".backup", ".dir");

  private DumpName() {}

  /**
   * The file's name without what says how it is made: {@code shop} of {@code shop.sql.gz}.
   *
   * @throws IllegalArgumentException with the rule for names, if what is left is not a template's
   *     name
   */
  public static String template(Path file) {
    Path last = file.getFileName();
    String name = last == null ? "" : last.toString();
    return Names.check("the dump's name", without(FORMS, without(PACKED, name)));
  }

  private static String without(List<String> endings, String name) {
    for (String ending : endings) {
      if (name.endsWith(ending)) {
        return name.substring(0, name.length() - ending.length());
      }
    }
    return name;
  }
}
