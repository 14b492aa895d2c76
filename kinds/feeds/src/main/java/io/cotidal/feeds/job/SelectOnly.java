package io.cotidal.feeds.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether a text is one SELECT that only reads, as far as a text shows. It errs on the safe side:
 * comments, escapes, PostgreSQL's own catalogues and functions, and those functions that are known
 * to write or to reach out are refused.
 */
final class SelectOnly {
  private static final Pattern TOKEN =
      Pattern.compile(
          "(?<blank>\\s++)|(?<text>'[^'\\\\]*+')|(?<quoted>\"[^\"\\\\]++\")"
              + "|(?<word>[\\p{L}_][\\p{L}\\p{N}_]*+)|(?<number>[0-9][0-9.eE]*+)"
              + "|(?<comment>--|/\\*)|(?<sign>[(),.*/+<>=~!@#%^&|:?\\[\\]{}-])");
  private static final Set<String> WORDS =
      Set.of(
          "insert",
          "update",
          "delete",
          "merge",
          "into",
          "truncate",
          "drop",
          "alter",
          "create",
          "grant",
          "revoke",
          "execute",
          "copy");
  private static final Set<String> LOCKS = Set.of("update", "share", "no", "key");
  private static final Pattern CATALOGUE = Pattern.compile("pg_.*|information_schema");
  private static final Pattern FUNCTIONS =
      Pattern.compile(
          "lo_.*|loread|lowrite|dblink.*|http.*|ogr_fdw.*|(query|table|schema|database|cursor)_to_.*"
              + "|set_config|nextval|setval|(un)?schedule.*|query_export_to_s3|table_import_from_s3"
              + "|invoke|st_createoverview|(add|drop|update|populate|enable|disable|create|copy|lock|unlock|check)_?"
              + "(geometry|raster|overview|topo|longtransactions|auth|row).*|addauth"
              + "|txid_current|pg_.*");

  private final String text;
  private final List<String> words = new ArrayList<>();

  private SelectOnly(String text) {
    this.text = text;
  }

  /** Why it is refused; empty if it only reads. */
  static Optional<String> refusal(String text) {
    return new SelectOnly(text).refusal();
  }

  private Optional<String> refusal() {
    Optional<String> odd = cut();
    if (odd.isPresent()) {
      return odd;
    }
    if (words.isEmpty() || !Set.of("select", "with").contains(words.getFirst())) {
      return Optional.of("is no SELECT");
    }
    return words().or(this::brackets);
  }

  /**
   * Cuts the text into words: names in lower case, those in quotes as they are but with a leading
   * quote, signs as they are.
   */
  private Optional<String> cut() {
    Matcher token = TOKEN.matcher(text);
    int at = 0;
    while (at < text.length()) {
      if (!token.region(at, text.length()).lookingAt()) {
        return Optional.of("holds " + BadJob.quoted(text.charAt(at)) + " outside of texts");
      }
      if (token.group("comment") != null) {
        return Optional.of("holds a comment");
      }
      if (token.group("text") != null || token.group("quoted") != null) {
        if (at > 0 && "eEuUbBxXnN&".indexOf(text.charAt(at - 1)) >= 0) {
          return Optional.of("holds a text with escapes");
        }
      }
      if (token.group("blank") == null) {
        words.add(
            token.group("quoted") == null ? token.group().toLowerCase(Locale.ROOT) : token.group());
      }
      at = token.end();
    }
    return Optional.empty();
  }

  private Optional<String> words() {
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      String next = i + 1 < words.size() ? words.get(i + 1) : "";
      String name = word.startsWith("\"") ? word.substring(1, word.length() - 1) : word;
      boolean called =
          next.equals("(") && FUNCTIONS.matcher(name.toLowerCase(Locale.ROOT)).matches();
      boolean locks = word.equals("for") && LOCKS.contains(next);
      if (WORDS.contains(word) || locks || called) {
        return Optional.of("says " + BadJob.quoted(name) + ", which may write or reach out");
      }
      if (CATALOGUE.matcher(name.toLowerCase(Locale.ROOT)).matches()) {
        return Optional.of("reads " + BadJob.quoted(name) + ", which is PostgreSQL's own");
      }
    }
    return Optional.empty();
  }

  private Optional<String> brackets() {
    int open = 0;
    for (String word : words) {
      open += word.equals("(") ? 1 : word.equals(")") ? -1 : 0;
      if (open < 0) {
        break;
      }
    }
    return open == 0 ? Optional.empty() : Optional.of("has brackets that do not match");
  }
}
