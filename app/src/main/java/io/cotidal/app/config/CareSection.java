package io.cotidal.app.config;

import static io.cotidal.app.config.Form.fit;
import static io.cotidal.app.config.Form.unfit;

import io.cotidal.postgres.spec.Archive;
import io.cotidal.postgres.spec.Care;
import io.cotidal.postgres.spec.CopyWay;
import io.cotidal.postgres.spec.Copying;
import io.cotidal.postgres.spec.DiskLimits;
import io.cotidal.postgres.spec.DiskLimits.Share;
import io.cotidal.postgres.spec.SlotLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what becomes of a cluster's write-ahead log and disks: limits, and the archive. */
final class CareSection {
  private static final String ARCHIVE = "archive";
  private static final List<String> PLACES = List.of("folder", "pgbackrest", "commands");
  private static final Pattern STANZA = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,62}");
  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,62}");
  private static final Pattern PERCENT = Pattern.compile("([0-9]|[1-8][0-9]|90)%");
  private static final int LONGEST = 1_000;

  /** What an archive sets itself. */
  private static final Set<String> OWNED =
      Set.of("archive_mode", "archive_command", "archive_library");

  private final Section cluster;

  CareSection(Section cluster) {
    this.cluster = cluster;
  }

  /**
   * What is written; what is wrong with it is reported.
   *
   * @param settings the server parameters of the cluster
   */
  Care read(Map<String, String> settings) {
    SlotLimits slots = slots();
    Optional<Archive> archive = cluster.section(ARCHIVE).flatMap(this::archive);
    if (archive.isPresent()) {
      for (String name : settings.keySet()) {
        if (OWNED.contains(name)) {
          cluster.problem("settings", "has " + name + ", which archive sets", "remove one of both");
        }
      }
    }
    Section copying = cluster.section("clone").orElseGet(() -> cluster.absent("clone"));
    long rate = copying.get("rate", Forms.bytes(), Value.standard(0L, "(none)"));
    CopyWay way =
        copying.get("way", Forms.word(CopyWay.class), Value.standard(CopyWay.AUTO, "auto"));
    copying.close();
    return new Care(slots, archive, new Copying(way, rate), disk());
  }

  private SlotLimits slots() {
    Section slots = cluster.section("slots").orElseGet(() -> cluster.absent("slots"));
    SlotLimits standard = SlotLimits.DEFAULT;
    long warn = slots.get("warn", Forms.bytes(), Value.standard(standard.much(), "4GiB"));
    long critical =
        slots.get("critical", Forms.bytes(), Value.standard(standard.tooMuch(), "16GiB"));
    slots.close();
    if (warn <= 0 || critical < warn) {
      slots.problem(
          "critical", "is less than warn, or warn is nothing", "write warn, and critical above it");
    }
    return new SlotLimits(warn, critical);
  }

  private DiskLimits disk() {
    Section disk = cluster.section("disk").orElseGet(() -> cluster.absent("disk"));
    DiskLimits standard = DiskLimits.DEFAULT;
    Share warn = disk.get("warn", share(), Value.standard(standard.warn(), "10%"));
    Share critical = disk.get("critical", share(), Value.standard(standard.critical(), "3%"));
    disk.close();
    boolean sameWay = (warn.bytes() == 0) == (critical.bytes() == 0);
    if (sameWay && (warn.percent() < critical.percent() || warn.bytes() < critical.bytes())) {
      disk.problem("critical", "is more than warn", "write what is less");
    }
    return new DiskLimits(warn, critical);
  }

  private static Form<Share> share() {
    return text -> {
      Matcher percent = PERCENT.matcher(text);
      if (percent.matches()) {
        return fit(Share.percent(Integer.parseInt(percent.group(1))));
      }
      return switch (Forms.bytes().read(text)) {
        case Form.Read.Fit<Long> bytes -> fit(Share.bytes(bytes.value()));
        case Form.Read.Unfit<Long> _ ->
            unfit(
                Quote.of(text) + " is no part of a disk",
                "write for example 10% or 5GiB, at most 90%");
      };
    };
  }

  private Optional<Archive> archive(Section section) {
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
    boolean restore = section.get("restore", Forms.flag(), Value.standard(true, "true"));
    Duration limit = duration(section, "limit", Archive.LIMIT);
    long backlog = section.get("backlog", Forms.bytes(), Value.standard(Archive.BACKLOG, "1GiB"));
    Duration patience = duration(section, "patience", Archive.PATIENCE);
    section.close();
    return places.stream()
        .findFirst()
        .map(where -> new Archive(where, restore, limit, backlog, patience));
  }

  private static Optional<Archive.Place> place(Section section, String key) {
    return switch (key) {
      case "folder" ->
          section
              .need(key, Forms.absolutePath(), Optional.empty(), "write an absolute path")
              .map(Archive.Place.Folder::new);
      case "pgbackrest" -> section.section(key).flatMap(CareSection::pgBackRest);
      default -> section.section(key).flatMap(CareSection::commands);
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
