package io.cotidal.engine.snapshot;

import io.cotidal.model.Details;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Up to where a recovery goes: PostgreSQL's own notion, and whoever asks for one words it so. */
public sealed interface RecoveryTarget {
  /** By this word a time is asked for. */
  String TO_TIME = "to-time";

  /** By this word a position in the log is. */
  String TO_LSN = "to-lsn";

  /** By this word a restore point is. */
  String TO_NAME = "to-name";

  /** All of them. */
  List<String> WORDS = List.of(TO_TIME, TO_LSN, TO_NAME);

  /** As far as the archive goes. */
  record Latest() implements RecoveryTarget {
    @Override
    public String words() {
      return "the end of the archive";
    }
  }

  /** Up to the last commit at or before that time, by the clock of the server that wrote it. */
  record Time(Instant at) implements RecoveryTarget {
    @Override
    public String words() {
      return "the time " + TIME.format(at.atOffset(ZoneOffset.UTC));
    }
  }

  /** Up to that byte position, with the record that begins there. */
  record Position(long lsn) implements RecoveryTarget {
    @Override
    public String words() {
      return "the position " + text();
    }

    /** As the server writes it. */
    public String text() {
      return String.format(Locale.ROOT, "%X/%X", lsn >>> 32, lsn & 0xFFFF_FFFFL);
    }
  }

  /** Up to a restore point. */
  record Name(String name) implements RecoveryTarget {
    @Override
    public String words() {
      return "the restore point " + name;
    }
  }

  /** How times are written for people and for the server. */
  DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSSxxx", Locale.ROOT);

  /** What a server keeps of a name of a restore point. */
  Pattern NAME = Pattern.compile("[^\\p{Cntrl}]{1,63}");

  /** The server's notation of a position. */
  Pattern LSN = Pattern.compile("([0-9A-Fa-f]{1,8})/([0-9A-Fa-f]{1,8})");

  /** What it is, for people. */
  String words();

  /** The settings by which a server stops there; none for as far as it goes. */
  default SequencedMap<String, String> settings() {
    LinkedHashMap<String, String> settings = new LinkedHashMap<>();
    switch (this) {
      case Latest latest -> {}
      case Time time ->
          settings.put("recovery_target_time", TIME.format(time.at().atOffset(ZoneOffset.UTC)));
      case Position position -> settings.put("recovery_target_lsn", position.text());
      case Name name -> settings.put("recovery_target_name", name.name());
    }
    return settings;
  }

  /**
   * Refuses a time that has not been yet.
   *
   * @throws IllegalArgumentException with one line
   */
  default void requirePast(Instant now) {
    if (this instanceof Time time && time.at().isAfter(now)) {
      throw new IllegalArgumentException(words() + " is still to come");
    }
  }

  /**
   * Reads what an input says by {@link #WORDS}; without any of them it is as far as the archive
   * goes.
   *
   * @throws IllegalArgumentException with one line if it cannot be understood, or is two things
   */
  static RecoveryTarget of(Details input) {
    return of(input.find(TO_TIME), input.find(TO_LSN), input.find(TO_NAME));
  }

  /**
   * Reads what somebody asks for; with none of the three it is as far as the archive goes.
   *
   * @throws IllegalArgumentException with one line if it cannot be understood, or is two things
   */
  static RecoveryTarget of(Optional<String> time, Optional<String> lsn, Optional<String> name) {
    if (Stream.of(time, lsn, name).filter(Optional::isPresent).count() > 1) {
      throw new IllegalArgumentException("name one of to-time, to-lsn and to-name");
    }
    if (time.isPresent()) {
      return new Time(instant(time.get()));
    }
    if (lsn.isPresent()) {
      return new Position(position(lsn.get().strip()));
    }
    if (name.isPresent() && !NAME.matcher(name.get()).matches()) {
      throw new IllegalArgumentException("no restore point has such a name: at most 63 characters");
    }
    return name.<RecoveryTarget>map(Name::new).orElseGet(Latest::new);
  }

  private static long position(String lsn) {
    Matcher parts = LSN.matcher(lsn);
    if (!parts.matches()) {
      throw new IllegalArgumentException("'" + lsn + "' is no position in the log");
    }
    return (Long.parseLong(parts.group(1), 16) << 32) | Long.parseLong(parts.group(2), 16);
  }

  /** A time without its zone could be hours away from what was meant, so that it is refused. */
  private static Instant instant(String text) {
    String plain = text.strip().replace(' ', 'T');
    plain = plain.matches(".*[+-][0-9]{2}") ? plain + ":00" : plain;
    try {
      return OffsetDateTime.parse(plain).toInstant();
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "'"
              + text
              + "' is no time with its zone: write for example 2026-11-23 14:05:00Z or"
              + " 2026-11-23 15:05:00+01:00",
          e);
    }
  }
}
