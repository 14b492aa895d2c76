package io.cotidal.cli.commands;

import io.cotidal.cli.api.Node;
import io.cotidal.cli.terminal.ExitCode;
import io.cotidal.cli.terminal.Table.Cell;
import io.cotidal.cli.terminal.Text;
import io.cotidal.cli.terminal.Tone;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The API's records in the words and colours of the screen. */
final class Words {
  private Words() {}

  static Cell severity(String severity) {
    return switch (severity) {
      case "info" -> new Cell("ok", Tone.GOOD);
      case "warning" -> new Cell("warning", Tone.WARNING);
      case "critical" -> new Cell("critical", Tone.CRITICAL);
      default -> new Cell(severity.isEmpty() ? "unknown" : severity, Tone.WARNING);
    };
  }

  static Cell sync(Node resource) {
    return resource.flag("inSync")
        ? new Cell("in sync", Tone.GOOD)
        : new Cell("drift", Tone.WARNING);
  }

  static Cell state(String state) {
    Tone tone =
        switch (state) {
          case "done" -> Tone.GOOD;
          case "failed", "attention" -> Tone.CRITICAL;
          case "cancelled", "superseded", "planned", "abandoned" -> Tone.DIM;
          default -> Tone.WARNING;
        };
    return new Cell(state, tone);
  }

  static Cell risk(String risk) {
    return new Cell(risk, risk.equals("irreversible") ? Tone.CRITICAL : Tone.PLAIN);
  }

  /** {@code #17 failover running}; a dash for nothing. */
  static String current(Node resource) {
    for (Node operation : resource.list("operations")) {
      if (!ended(operation.text("state"))) {
        return "#"
            + number(operation)
            + " "
            + operation.text("type")
            + " "
            + operation.text("state");
      }
    }
    return "-";
  }

  static String number(Node operation) {
    String id = operation.text("id");
    return id.substring(id.indexOf('#') + 1);
  }

  static boolean ended(String state) {
    return switch (state) {
      case "done", "failed", "cancelled", "superseded" -> true;
      default -> false;
    };
  }

  /** What {@code cot} ends with after an operation was last seen in {@code state}. */
  static ExitCode exit(String state) {
    return switch (state) {
      case "done" -> ExitCode.OK;
      case "failed", "cancelled", "superseded" -> ExitCode.FAILED;
      case "attention" -> ExitCode.ATTENTION;
      default -> ExitCode.STILL_RUNNING;
    };
  }

  /** Members of the resource that take writes now. */
  static String writable(Node resource) {
    List<String> names = new ArrayList<>();
    for (Node member : resource.list("members")) {
      if (member.flag("writable")) {
        names.add(member.text("id"));
      }
    }
    return names.isEmpty() ? "-" : String.join(",", names);
  }

  static String lag(Node link) {
    if (link.flag("planned")) {
      return "planned";
    }
    if (!link.at("lagSeconds").isMissing()) {
      return link.number("lagSeconds") + " s";
    }
    return link.at("lagBytes").isMissing() ? "?" : Text.bytes(link.number("lagBytes"));
  }

  /** {@code by ann until 2026-11-21 10:04:05.123: new disks}. */
  static String pause(Node pause, ZoneId zone) {
    long until = pause.number("untilMicros");
    String reason = pause.text("reason");
    return "by "
        + pause.text("actor")
        + (until == 0 ? " until it is resumed" : " until " + time(until, zone))
        + (reason.isEmpty() ? "" : ": " + reason);
  }

  /** How long the operation, or its step, took or has taken; empty if it has not begun. */
  static String took(Node row, long nowMicros) {
    long started = row.number("startedMicros");
    if (started == 0) {
      return "";
    }
    long ended = row.number("endedMicros");
    return Text.span((ended == 0 ? nowMicros : ended) - started);
  }

  /** {@code 2026-11-21 10:04:05.123}, where the person is. */
  static String time(long micros, ZoneId zone) {
    ZonedDateTime at =
        Instant.ofEpochSecond(
                Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1000)
            .atZone(zone);
    return String.format(
        Locale.ROOT,
        "%04d-%02d-%02d %02d:%02d:%02d.%03d",
        at.getYear(),
        at.getMonthValue(),
        at.getDayOfMonth(),
        at.getHour(),
        at.getMinute(),
        at.getSecond(),
        at.getNano() / 1_000_000);
  }
}
