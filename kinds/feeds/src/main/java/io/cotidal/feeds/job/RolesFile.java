package io.cotidal.feeds.job;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads {@code slave_roles.sql}: SQL that the master renders for roles. What it does is bounded by
 * whoever runs it; here it is refused if it says what no role file needs, wherever it says so.
 */
final class RolesFile {
  private static final Pattern DENIED =
      Pattern.compile(
          "(?<![A-Za-z0-9_])(superuser|replication|bypassrls|createrole|program|extension|function"
              + "|procedure|language|trigger|alter\\s+system|lo_[a-z]+|dblink[a-z_]*"
              + "|pg_(read|write|execute|signal|terminate|cancel|reload|ls|stat_file)[a-z_]*)"
              + "(?![A-Za-z0-9_])",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern CLIENT = Pattern.compile("(?m)^\\s*\\\\");

  private RolesFile() {}

  static Body.Roles read(String place, String text) throws BadJob {
    if (!Grammar.visible(text, true)) {
      throw new BadJob(place, "holds characters that cannot be shown; remove them");
    }
    Matcher denied = DENIED.matcher(text);
    if (denied.find()) {
      throw new BadJob(
          place,
          "says "
              + BadJob.quoted(denied.group())
              + ", which no role of a replica needs; remove it");
    }
    if (CLIENT.matcher(text).find()) {
      throw new BadJob(place, "holds a command of psql; write SQL only");
    }
    return new Body.Roles(text);
  }
}
