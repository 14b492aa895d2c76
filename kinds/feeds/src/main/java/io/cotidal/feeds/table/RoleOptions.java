package io.cotidal.feeds.table;

import io.cotidal.model.Secret;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads what follows {@code CREATE ROLE "x"} and {@code ALTER ROLE "x"}. */
final class RoleOptions {
  private static final Pattern TIME =
      Pattern.compile(
          "infinity|[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{1,6})?)?)?"
              + " ?(Z|UTC|[+-][0-9]{2}(:?[0-9]{2})?)?");

  private final Set<String> said = new HashSet<>();
  private Optional<Boolean> login = Optional.empty();
  private Optional<Boolean> inherit = Optional.empty();
  private Optional<Integer> limit = Optional.empty();
  private Optional<Secret> password = Optional.empty();
  private Optional<String> until = Optional.empty();

  private RoleOptions() {}

  /** All of them, to the end of the statement. Each may be said once. */
  static RoleStatement.Options read(Cursor cursor) throws BadDump {
    RoleOptions options = new RoleOptions();
    cursor.skip("with");
    while (!cursor.over()) {
      options.one(cursor);
    }
    return new RoleStatement.Options(
        options.login,
        options.inherit,
        options.limit,
        options.password,
        options.until,
        options.said.contains("createdb"));
  }

  private void one(Cursor cursor) throws BadDump {
    if (cursor.skip("encrypted")) {
      cursor.expect("password");
      password(cursor);
    } else if (cursor.skip("password")) {
      password(cursor);
    } else if (cursor.skip("connection", "limit")) {
      once("limit");
      String number = cursor.number();
      if (!number.matches("-1|[0-9]{1,9}")) {
        throw new BadName("a connection limit is -1 or more");
      }
      limit = Optional.of(Integer.valueOf(number));
    } else if (cursor.skip("valid", "until")) {
      once("until");
      until = Optional.of(cursor.text());
      if (!TIME.matcher(until.get()).matches()) {
        throw new BadName("the time after VALID UNTIL must be like 2030-01-31 12:00:00+00");
      }
    } else {
      word(cursor);
    }
  }

  private void word(Cursor cursor) throws BadDump {
    for (String right :
        new String[] {"superuser", "createdb", "createrole", "replication", "bypassrls"}) {
      if (cursor.skip("no" + right)) {
        once(right);
        return;
      }
    }
    boolean no = cursor.peek().word("nologin") || cursor.peek().word("noinherit");
    if (cursor.skip("login") || cursor.skip("nologin")) {
      once("login");
      login = Optional.of(!no);
    } else if (cursor.skip("inherit") || cursor.skip("noinherit")) {
      once("inherit");
      inherit = Optional.of(!no);
    } else {
      throw cursor.unexpected();
    }
  }

  private void password(Cursor cursor) throws BadDump {
    once("password");
    password = Optional.of(new Secret(cursor.text()));
  }

  private void once(String what) throws BadDump {
    if (!said.add(what)) {
      throw new BadName("an option is said twice");
    }
  }
}
