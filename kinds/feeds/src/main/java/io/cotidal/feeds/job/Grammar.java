package io.cotidal.feeds.job;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The names that jobs may have.
 *
 * <p>A workspace, and a schema, is a letter, a digit or {@code _}, then up to 62 letters, digits,
 * {@code _} or {@code -}; letters are those of ASCII. Any other name may hold single dots inside
 * too. A file of jobs is called {@code <workspace>.<name>.json}, so the first dot ends the
 * workspace. Schemas that belong to PostgreSQL or to Cotidal, and {@code public}, are nobody's.
 */
public final class Grammar {
  private static final Pattern WORKSPACE = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_-]{0,62}");
  private static final Pattern NAME =
      Pattern.compile("(?=.{1,63}$)[A-Za-z0-9_][A-Za-z0-9_-]*+(\\.[A-Za-z0-9_-]++)*+");
  private static final Set<String> TAKEN = Set.of("information_schema", "public", "cotidal");

  private Grammar() {}

  /** Whether a workspace may be called so. */
  public static boolean workspace(String text) {
    return WORKSPACE.matcher(text).matches();
  }

  /** Whether a layer, store, group, style, table or column may be called so. */
  public static boolean name(String text) {
    return NAME.matcher(text).matches();
  }

  /** Whether a schema that Cotidal writes to may be called so. */
  public static boolean schema(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    return workspace(text) && !lower.startsWith("pg_") && !TAKEN.contains(lower);
  }

  /** Whether it can be shown on a line without doing anything else. */
  static boolean visible(int codePoint) {
    int type = Character.getType(codePoint);
    return !Character.isISOControl(codePoint)
        && type != Character.FORMAT
        && type != Character.SURROGATE
        && type != Character.LINE_SEPARATOR
        && type != Character.PARAGRAPH_SEPARATOR
        && (codePoint & 0xfffe) != 0xfffe;
  }

  /** Whether all of it can stand in XML, in SQL and on pages; lines may end, if so asked. */
  static boolean visible(String text, boolean lines) {
    return text.codePoints()
        .allMatch(c ->
            visible(c)
                || Character.getType(c) == Character.FORMAT
                || (lines && (c == '\n' || c == '\r' || c == '\t')));
  }
}
