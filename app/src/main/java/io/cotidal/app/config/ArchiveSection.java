package io.cotidal.app.config;

import static io.cotidal.app.config.Form.fit;
import static io.cotidal.app.config.Form.unfit;

import io.cotidal.postgres.spec.Archive;
import io.cotidal.postgres.spec.Restore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Reads where a cluster archives, and from what it can be restored. */
final class ArchiveSection {
  private static final String FOLDER = "folder";
  private static final String SECOND = "second";
  private static final String BACKUPS = "backups";
  private static final String RESTORE = "restore";
  private static final List<String> PLACES = List.of(FOLDER, "pgbackrest", "commands");
  private static final Pattern STANZA = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,62}");
  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,62}");
  private static final int LONGEST = 1_000;

  private ArchiveSection() {}

  /** What is below {@code archive}; what is wrong with it is reported. */
  static Optional<Archive> archive(Section section) {
    Optional<Archive.Place> place = oneOf(section);
    Optional<Archive.Place> second = second(section);
    boolean restore = section.get("restore", Forms.flag(), Value.standard(true, "true"));
    Duration limit = duration(section, "limit", Archive.LIMIT);
    long backlog = section.get("backlog", Forms.bytes(), Value.standard(Archive.BACKLOG, "1GiB"));
    Duration patience = duration(section, "patience", Archive.PATIENCE);
    Optional<Archive.Backups> backups = section.section(BACKUPS).flatMap(ArchiveSection::backups);
    section.close();
    if (place.isPresent() && place.equals(second)) {
      section.problem(SECOND, "is the first one again", "name another repository, or remove it");
    }
    Optional<Archive> archive =
        place.map(where -> new Archive(where, second, restore, limit, backlog, patience, backups));
    if (backups.isPresent() && archive.filter(found -> found.takers().isEmpty()).isPresent()) {
      section.problem(
          BACKUPS,
          "has no folder, and base backups lie in folders",
          "write second: {folder: PATH}, or let pgBackRest or your own programs take them");
    }
    return archive;
  }

  /** The second repository is a folder, whatever the first one is. */
  private static Optional<Archive.Place> second(Section section) {
    Optional<Section> written = section.section(SECOND);
    Optional<Archive.Place> place = written.flatMap(second -> place(second, FOLDER));
    written.ifPresent(Section::close);
    return place;
  }

  private static Optional<Archive.Backups> backups(Section section) {
    Optional<Duration> every =
        section.need(
            "every",
            Forms.duration(Duration.ofMinutes(1), Duration.ofDays(366)),
            Optional.empty(),
            "write for example 24h");
    Optional<Integer> keep =
        section.need("keep", Forms.whole(1, 40), Optional.empty(), "write how many stay");
    section.close();
    return every.flatMap(time -> keep.map(count -> new Archive.Backups(time, count)));
  }

  /**
   * What is below {@code restore} of a cluster.
   *
   * @param own where it archives itself
   */
  static Optional<Restore> restore(Section cluster, Optional<Archive> own) {
    Optional<Section> written = cluster.section(RESTORE);
    if (written.isEmpty()) {
      return Optional.empty();
    }
    Section section = written.get();
    List<Archive.Place> places = places(section);
    List<Restore.Check> checks = new ArrayList<>();
    for (Section item : section.items("checks")) {
      check(item, "postgres").ifPresent(checks::add);
    }
    section.close();
    if (own.isPresent() && own.get().places().stream().anyMatch(places::contains)) {
      section.reject(
          "is where this cluster archives itself: two logs would mix there",
          "name another archive for it, or none");
    }
    return places.isEmpty() ? Optional.empty() : Optional.of(new Restore(places, checks));
  }

  private static List<Archive.Place> places(Section section) {
    List<Archive.Place> places = new ArrayList<>();
    place(section, FOLDER).ifPresent(places::add);
    second(section).ifPresent(places::add);
    return places;
  }

  /** The repositories of a cluster's archive, all of them folders, in a section of their own. */
  static List<Path> folders(Section section) {
    List<Path> folders =
        places(section).stream().map(place -> ((Archive.Place.Folder) place).folder()).toList();
    section.close();
    if (folders.size() > folders.stream().distinct().count()) {
      section.problem(SECOND, "is the first one again", "name another repository, or remove it");
    }
    return folders;
  }

  /**
   * A question and its one right answer.
   *
   * @param standard the database where nothing else is written
   */
  static Optional<Restore.Check> check(Section section, String standard) {
    String database = section.get("database", text(), Value.standard(standard, standard));
    Optional<String> query = section.need("query", text(), Optional.empty(), "write one SELECT");
    Optional<String> answer =
        section.need("answer", text(), Optional.empty(), "write what its first value must be");
    section.close();
    return query.flatMap(
        asked -> answer.map(expected -> new Restore.Check(database, asked, expected)));
  }

  private static Form<String> text() {
    return text ->
        text.length() <= LONGEST && text.chars().noneMatch(Character::isISOControl)
            ? fit(text)
            : unfit("is too long, or has control characters", "write one line");
  }

  private static Optional<Archive.Place> oneOf(Section section) {
    List<String> written = PLACES.stream().filter(section::has).toList();
    // All of them are read, so that what is wrong in any is said at once.
    List<Archive.Place> places =
        written.stream().map(key -> place(section, key)).flatMap(Optional::stream).toList();
    if (written.size() != 1) {
      section.reject(
          written.isEmpty()
              ? "says no place"
              : "says several places: " + String.join(", ", written),
          "write one of " + String.join(", ", PLACES));
    }
    return places.stream().findFirst();
  }

  private static Optional<Archive.Place> place(Section section, String key) {
    return switch (key) {
      case FOLDER ->
          section
              .need(key, Forms.absolutePath(), Optional.empty(), "write an absolute path")
              .map(Archive.Place.Folder::new);
      case "pgbackrest" -> section.section(key).flatMap(ArchiveSection::pgBackRest);
      default -> section.section(key).flatMap(ArchiveSection::commands);
    };
  }

  private static Duration duration(Section section, String key, Duration standard) {
    return section.get(
        key,
        Forms.duration(Duration.ofSeconds(1), Duration.ofHours(1)),
        Value.standard(standard, Durations.show(standard)));
  }

  private static Optional<Archive.Place> pgBackRest(Section section) {
    Optional<String> stanza =
        section.need("stanza", stanza(), Optional.empty(), "write the name of the stanza");
    Optional<Path> file =
        section.has("config")
            ? section.need("config", Forms.absolutePath(), Optional.empty(), "write a path")
            : Optional.empty();
    section.close();
    return stanza.map(name -> new Archive.Place.PgBackRest(name, file));
  }

  private static Form<String> stanza() {
    return text ->
        STANZA.matcher(text).matches()
            ? fit(text)
            : unfit(Quote.of(text) + " is no name of a stanza", "use letters, digits, _ and -");
  }

  private static Optional<Archive.Place> commands(Section section) {
    List<String> push = command(section, "push", "%p");
    List<String> fetch = command(section, "fetch", "%p");
    List<String> list = section.has("list") ? command(section, "list", "") : List.of();
    List<String> expire = section.has("expire") ? command(section, "expire", "%f") : List.of();
    Map<String, String> environment = section.texts("environment", variable(), word());
    section.close();
    return push.isEmpty() || fetch.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Archive.Place.Commands(push, fetch, list, expire, new TreeMap<>(environment)));
  }

  /** A program and its words, one of which holds {@code value}. */
  private static List<String> command(Section section, String key, String value) {
    List<String> words = new ArrayList<>(section.words(key, word()));
    if (words.isEmpty()) {
      if (!section.has(key)) {
        section.problem(key, "is missing", "write [PROGRAM, WORD, …]");
      }
      return List.of();
    }
    if (!words.getFirst().startsWith("/")) {
      section.problem(key, "names no program by its path", "begin with an absolute path");
    }
    if (!value.isEmpty() && words.stream().noneMatch(word -> word.contains(value))) {
      section.problem(key, "does not say " + value, "put it where the program wants it");
    }
    return words;
  }

  private static Form<String> variable() {
    return text ->
        VARIABLE.matcher(text).matches()
            ? fit(text)
            : unfit(Quote.of(text) + " is no variable", "use letters, digits and _");
  }

  private static Form<String> word() {
    return text ->
        text.length() <= LONGEST && text.chars().noneMatch(Character::isISOControl)
            ? fit(text)
            : unfit("is no word of a command", "write one line of at most " + LONGEST);
  }
}
