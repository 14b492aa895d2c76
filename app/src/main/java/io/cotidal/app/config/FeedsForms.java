package io.cotidal.app.config;

import static io.cotidal.app.config.Form.fit;
import static io.cotidal.app.config.Form.unfit;

import io.cotidal.feeds.filter.Filter;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.model.MemberId;
import io.cotidal.model.Names;
import io.cotidal.remote.http.HttpAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The forms of values that only replicas of published datasets have. */
final class FeedsForms {
  private static final Pattern CHANNEL = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,62}");
  private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_$-]{0,62}");
  private static final Pattern BRANCH = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_./-]{0,199}");
  private static final Pattern HOST =
      Pattern.compile("([A-Za-z0-9_][A-Za-z0-9_.-]{0,63}@)?[A-Za-z0-9][A-Za-z0-9.:-]{0,253}");
  private static final int LONGEST = 2_000;
  private static final List<String> TAKEN =
      List.of(FeedsSpec.REPOSITORY.name(), FeedsSpec.DATABASE.name());

  private FeedsForms() {}

  /** A filter; its own complaint says where it stumbled. */
  static Form<Filter> filter() {
    return text -> {
      try {
        return fit(Filter.parse(text));
      } catch (IllegalArgumentException e) {
        return unfit(
            "is no filter: " + Quote.line(String.valueOf(e.getMessage())), "see docs/feeds.md");
      }
    };
  }

  /** The first folder of a job's path. */
  static Form<String> channel() {
    return text ->
        CHANNEL.matcher(text).matches()
            ? fit(text)
            : unfit(Quote.of(text) + " is no channel", "use letters, digits, . _ and -");
  }

  /** A name at a database's server, which is quoted wherever it is used. */
  static Form<String> identifier() {
    return text ->
        IDENTIFIER.matcher(text).matches()
            ? fit(text)
            : unfit(
                Quote.of(text) + " is not a name in a database",
                "use 1 to 63 of letters, digits, _ $ - and begin with a letter or _");
  }

  /** A branch of the state repository. */
  static Form<String> branch() {
    return text ->
        BRANCH.matcher(text).matches() && !text.contains("..")
            ? fit(text)
            : unfit(Quote.of(text) + " is no branch", "write its name, for example main");
  }

  /** Where a repository is pulled from; an option of a program is none. */
  static Form<String> source() {
    return text ->
        !text.startsWith("-") && plain(text)
            ? fit(text)
            : unfit(
                Quote.of(text) + " is no address of a repository",
                "write for example ssh://git@host/state or /srv/state");
  }

  /** {@code user@host} or {@code host}. */
  static Form<String> relay() {
    return text ->
        HOST.matcher(text).matches()
            ? fit(text)
            : unfit(Quote.of(text) + " is no host", "write USER@HOST or HOST");
  }

  /** A text of one line. */
  static Form<String> line() {
    return text ->
        plain(text)
            ? fit(text)
            : unfit(Quote.of(text) + " is not one line of text", "write one short line");
  }

  private static boolean plain(String text) {
    return !text.isBlank()
        && text.length() <= LONGEST
        && text.chars().noneMatch(Character::isISOControl);
  }

  /** The URI of a workspace's namespace. */
  static Form<String> namespace() {
    return text ->
        plain(text) && text.split("%s", -1).length == 2 && !text.replace("%s", "").contains("%")
            ? fit(text)
            : unfit(
                Quote.of(text) + " does not say where the workspace stands",
                "write for example http://%s.example.org");
  }

  /** The home of a GeoServer, without a slash at the end. */
  static Form<String> home() {
    return text -> {
      String bare = text.replaceFirst("/+$", "");
      try {
        if (!HttpAddress.parse(bare).path().contains("?")) {
          return fit(bare);
        }
        return unfit(
            "has a question behind its path", "write for example http://host:8080/geoserver");
      } catch (IllegalArgumentException e) {
        return unfit(
            "is no address: " + e.getMessage(), "write for example http://host:8080/geoserver");
      }
    };
  }

  /** What a GeoServer is called among the members. */
  static Form<MemberId> member() {
    return text -> {
      if (TAKEN.contains(text)) {
        return unfit(Quote.of(text) + " is the name of another member", "choose another");
      }
      return Names.valid(text)
          ? fit(new MemberId(text))
          : unfit(
              Quote.of(text) + " is not a name",
              "use 1 to 63 of a-z 0-9 . _ - and begin with a letter or digit");
    };
  }

  /** A path, or none. */
  static Form<Optional<Path>> path() {
    return maybe(Forms.absolutePath());
  }

  /** What {@code form} takes; none if nobody wrote anything. */
  static <T> Form<Optional<T>> maybe(Form<T> form) {
    return text ->
        switch (form.read(text)) {
          case Form.Read.Fit<T> read -> fit(Optional.of(read.value()));
          case Form.Read.Unfit<T> unfit -> unfit(unfit.reason(), unfit.remedy());
        };
  }

  /** The value of {@code key} in that range, or the standard one. */
  static Duration duration(
      Section section, String key, Duration standard, Duration least, Duration most) {
    return section.get(
        key, Forms.duration(least, most), Value.standard(standard, Durations.show(standard)));
  }

  /** Whether it is so. */
  static boolean flag(Section section, String key, boolean standard) {
    return section.get(key, Forms.flag(), Value.standard(standard, String.valueOf(standard)));
  }
}
