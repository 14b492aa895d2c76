package io.cotidal.cli.commands;

import io.cotidal.cli.api.Node;
import io.cotidal.cli.terminal.Style;
import io.cotidal.cli.terminal.Table.Cell;
import io.cotidal.cli.terminal.Terminal;
import io.cotidal.cli.terminal.Text;
import io.cotidal.cli.terminal.Tone;
import io.cotidal.model.OperationId;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Tells the steps of one operation on stderr. A step that has ended is one line that stays. On a
 * terminal the steps that run stand below and are drawn again at each look; elsewhere each gets a
 * line when it begins.
 */
final class StepLog {
  /** For so long a pace must have been seen before it is believed, in nanoseconds. */
  private static final long SURE = 2_000_000_000L;

  private final OperationId id;
  private final Terminal terminal;
  private final Style style;
  private final boolean quiet;
  private final boolean live;
  private final Session session;
  private final Set<String> told = new HashSet<>();
  private final Map<String, Long> runningSince = new HashMap<>();
  private final Map<String, Pace> paces = new HashMap<>();
  // Ctrl-C is told on another thread, which must not write into a half-drawn line.
  private final ReentrantLock writing = new ReentrantLock();
  private int drawn;
  private boolean detached;
  private String note = "";

  StepLog(Session session, OperationId id) {
    this.session = session;
    this.id = id;
    terminal = session.terminal();
    quiet = session.quiet();
    live = terminal.errIsTerminal();
    style = session.talkStyle();
  }

  /** Tells what is new in {@code operation}. */
  void tell(Node operation, Map<String, Node> progress) {
    writing.lock();
    try {
      if (quiet || detached) {
        return;
      }
      erase();
      if (told.add("head")) {
        out().println(head(operation));
      }
      long began = operation.number("startedMicros");
      List<Node> running = new ArrayList<>();
      for (Node row : operation.list("steps")) {
        if (row.text("state").equals("intended")) {
          running.add(row);
        }
        step(row, began);
      }
      waiting(operation);
      remember(running);
      if (live) {
        draw(running, progress);
      }
      out().flush();
    } finally {
      writing.unlock();
    }
  }

  private static String head(Node operation) {
    String reason = operation.text("reason");
    return Text.plain(
        operation.text("id")
            + " "
            + operation.text("type")
            + (reason.isEmpty() ? "" : ": " + reason));
  }

  private void step(Node row, long began) {
    String state = row.text("state");
    if (state.equals("planned") || (live && state.equals("intended"))) {
      return;
    }
    String mark = row.number("sequence") + "." + row.number("attempt") + "." + state;
    if (!told.add(mark)) {
      return;
    }
    boolean begins = state.equals("intended");
    long at = row.number(begins ? "startedMicros" : "endedMicros") - began;
    Cell word = begins ? Cell.of("begins") : Words.state(state);
    String took = begins ? "" : " (" + Words.took(row, row.number("endedMicros")) + ")";
    out()
        .println(
            pad(Text.span(at), 10)
                + "  "
                + style.paint(word.tone(), word.text())
                + " ".repeat(Math.max(1, 10 - word.text().length()))
                + Text.plain(StepScreen.sentence(row))
                + style.paint(Tone.DIM, took));
  }

  private static String pad(String text, int width) {
    return " ".repeat(Math.max(0, width - text.length())) + text;
  }

  private void waiting(Node operation) {
    String now =
        operation.text("state").equals("waiting") || operation.text("state").equals("queued")
            ? operation.text("note")
            : "";
    if (!now.isEmpty() && !now.equals(note)) {
      out().println(" ".repeat(12) + "waits     " + Text.plain(now));
    }
    note = now;
  }

  private void remember(List<Node> running) {
    Set<String> now = new HashSet<>();
    for (Node row : running) {
      String sequence = String.valueOf(row.number("sequence"));
      now.add(sequence);
      runningSince.putIfAbsent(sequence, session.time().nanos());
    }
    runningSince.keySet().retainAll(now);
  }

  /** Whether a step has been seen running for so many nanoseconds. */
  boolean runningLongerThan(long nanos) {
    long now = session.time().nanos();
    return runningSince.values().stream().anyMatch(since -> now - since > nanos);
  }

  /**
   * The entries of the resource's progress that belong to this operation, by the step's sequence.
   */
  Map<String, Node> progressOf(Node all) {
    Map<String, Node> mine = new HashMap<>();
    for (String sequence : runningSince.keySet()) {
      Node entry = all.at(id.number() + "." + sequence);
      if (!entry.isMissing()) {
        mine.put(sequence, entry);
      }
    }
    return mine;
  }

  private void erase() {
    if (drawn > 0) {
      out().print("\r\u001b[" + drawn + "A\u001b[J");
      drawn = 0;
    }
  }

  private void draw(List<Node> running, Map<String, Node> progress) {
    for (Node row : running) {
      String sequence = String.valueOf(row.number("sequence"));
      long nanos = session.time().nanos() - runningSince.getOrDefault(sequence, 0L);
      String line =
          pad(Text.span(nanos / 1000), 10)
              + "  running   "
              + Text.plain(row.at("step").text("sentence"))
              + bar(progress.getOrDefault(sequence, Node.NONE))
              + left(sequence, progress.getOrDefault(sequence, Node.NONE));
      int width = terminal.width(Text.width(line));
      // One column is left free: some terminals wrap a line that ends in the last one.
      out().println(width == 0 ? line : Text.fit(line, width - 1, terminal.ellipsis()));
      drawn++;
    }
  }

  /** How far a step was when it was first seen, and when that was. */
  private record Pace(long done, long nanos) {}

  /** How long it will take, if it goes on as it has since it was first seen. */
  private String left(String sequence, Node progress) {
    if (progress.isMissing()) {
      return "";
    }
    long done = progress.number("done");
    long total = progress.number("total");
    long now = session.time().nanos();
    Pace first = paces.computeIfAbsent(sequence, key -> new Pace(done, now));
    long advanced = done - first.done();
    if (advanced <= 0 || total <= done || now - first.nanos() < SURE) {
      return "";
    }
    double micros = (now - first.nanos()) / 1000.0 * (total - done) / advanced;
    return ", about " + Text.age((long) micros) + " left";
  }

  private static String bar(Node progress) {
    if (progress.isMissing()) {
      return "";
    }
    long done = progress.number("done");
    long total = progress.number("total");
    boolean bytes = progress.text("unit").equals("bytes");
    String amount = bytes ? Text.bytes(done) : done + " " + Text.plain(progress.text("unit"));
    if (total <= 0) {
      return "  " + amount;
    }
    return "  "
        + Bar.of(done, total)
        + " "
        + amount
        + " of "
        + (bytes ? Text.bytes(total) : String.valueOf(total));
  }

  /** Tells something that is no step. */
  void note(String sentence) {
    writing.lock();
    try {
      if (!quiet && !detached) {
        erase();
        out().println("cot: " + Text.plain(sentence));
      }
    } finally {
      writing.unlock();
    }
  }

  /** Says good-bye for good: the operation goes on without anybody looking. */
  void detach() {
    writing.lock();
    try {
      detached = true;
      erase();
      out().println();
      out().println("cot: detached; " + id + " goes on; watch it again: cot op watch " + id);
      out().flush();
    } finally {
      writing.unlock();
    }
  }

  /** Takes away what is drawn below the lines that stay. */
  void end() {
    writing.lock();
    try {
      erase();
    } finally {
      writing.unlock();
    }
  }

  private PrintStream out() {
    return terminal.err();
  }
}
