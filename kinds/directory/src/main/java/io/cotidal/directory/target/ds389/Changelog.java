package io.cotidal.directory.target.ds389;

import com.unboundid.ldap.sdk.SearchResultEntry;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** For how long a server keeps changes for those who are away, as its configuration says it. */
final class Changelog {
  /** A number and a unit; without one, seconds. */
  private static final Pattern AGE = Pattern.compile("([0-9]{1,9})([smhdw]?)");

  private Changelog() {}

  /**
   * The limit of the backend that holds the suffix; 0 if there is none.
   *
   * @param entries those of cn=config that bear one
   */
  static long seconds(List<SearchResultEntry> entries, String backend) {
    String mine = "cn=changelog,cn=" + backend.toLowerCase(Locale.ROOT) + ",";
    for (SearchResultEntry entry : entries) {
      if (entry.getDN().toLowerCase(Locale.ROOT).startsWith(mine)) {
        return seconds(Config.value(entry, Words.CHANGELOG_AGE));
      }
    }
    return 0;
  }

  static long seconds(String age) {
    Matcher read = AGE.matcher(age.strip().toLowerCase(Locale.ROOT));
    if (!read.matches()) {
      return 0;
    }
    long count = Long.parseLong(read.group(1));
    return switch (read.group(2)) {
      case "m" -> count * 60;
      case "h" -> count * 3_600;
      case "d" -> count * 86_400;
      case "w" -> count * 604_800;
      default -> count;
    };
  }
}
