package io.cotidal.app.demo;

import java.io.PrintStream;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/**
 * Prints lines, and on a terminal keeps one line below them up to date. Without a terminal, and for
 * machines, plain lines only. Thread-safe.
 */
final class Screen {
  private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");
  private static final String CLEAR = "\r\u001b[K";

  private final PrintStream out;
  private final boolean terminal;
  private String status = "";

  Screen(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /** Whether the status line is live. */
  boolean live() {
    return terminal;
  }

  /** One line. */
  synchronized void say(String line) {
    if (terminal && !status.isEmpty()) {
      out.print(CLEAR + line + "\n" + status);
    } else {
      out.println(line);
    }
    out.flush();
  }

  /** One line with the time before it. */
  void tell(String line) {
    say(LocalTime.now(ZoneId.systemDefault()).format(CLOCK) + "  " + line);
  }

  /** Replaces the line at the bottom; without a terminal prints it. */
  synchronized void status(String line) {
    if (terminal) {
      status = line;
      out.print(CLEAR + line);
      out.flush();
    } else {
      out.println(line);
    }
  }

  /** Leaves the line at the bottom where it is and goes on below it. */
  synchronized void endStatus() {
    if (terminal && !status.isEmpty()) {
      out.println();
    }
    status = "";
  }
}
