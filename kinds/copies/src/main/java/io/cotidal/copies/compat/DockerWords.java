package io.cotidal.copies.compat;

import io.cotidal.copies.compat.CopyDesk.Copy;
import java.math.BigDecimal;
import java.time.Duration;

/**
 * States and times in the words that Docker has for containers, since clients of the original show
 * and read those. Rounding and units are those of Docker's command line.
 */
final class DockerWords {
  private static final long MICROS = 1_000_000;

  private DockerWords() {}

  /** The human status: {@code Up 3 minutes}. */
  static String status(Copy copy, long nowMicros) {
    String age = age(nowMicros - copy.sinceMicros());
    return switch (copy.standing()) {
      case CREATING -> "Created";
      case RUNNING -> "Up " + age;
      case STOPPED -> "Exited (0) " + age + " ago";
      case RESETTING -> "Restarting (0) " + age + " ago";
      // Docker has a code here that nobody else knows; 1 says that nobody wanted it.
      case BROKEN -> "Exited (1) " + age + " ago";
      case REMOVING -> "Removal In Progress";
      case UNKNOWN -> "Unknown";
    };
  }

  /** The machine's word in an inspection: {@code running}. */
  static String word(CopyDesk.Standing standing) {
    return switch (standing) {
      case CREATING -> "created";
      case RUNNING -> "running";
      case STOPPED, BROKEN -> "exited";
      case RESETTING -> "restarting";
      case REMOVING -> "removing";
      case UNKNOWN -> "unknown";
    };
  }

  /** How long, roughly. A clock that was set back makes nothing older. */
  static String age(long micros) {
    Duration age = Duration.ofMillis(Math.max(0, micros) / 1000);
    long seconds = age.toSeconds();
    long minutes = age.toMinutes();
    long hours = age.plusMinutes(30).toHours();
    if (seconds < 1) {
      return "Less than a second";
    }
    if (seconds < 60) {
      return seconds == 1 ? "1 second" : seconds + " seconds";
    }
    if (minutes < 60) {
      return minutes == 1 ? "About a minute" : minutes + " minutes";
    }
    if (hours < 48) {
      return hours == 1 ? "About an hour" : hours + " hours";
    }
    if (hours < 24 * 7 * 2) {
      return hours / 24 + " days";
    }
    if (hours < 24 * 30 * 2) {
      return hours / (24 * 7) + " weeks";
    }
    return hours < 24 * 365 * 2 ? hours / (24 * 30) + " months" : hours / (24 * 365) + " years";
  }

  /** Unix seconds. */
  static long seconds(long micros) {
    return Math.floorDiv(micros, MICROS);
  }

  /** Unix seconds as Python prints a float: {@code 1637497345.25}, {@code 1637497345.0}. */
  static String fraction(long micros) {
    BigDecimal seconds = BigDecimal.valueOf(micros, 6).stripTrailingZeros();
    return (seconds.scale() < 1 ? seconds.setScale(1) : seconds).toPlainString();
  }
}
