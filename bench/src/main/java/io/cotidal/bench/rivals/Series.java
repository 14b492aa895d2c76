package io.cotidal.bench.rivals;

import io.cotidal.lab.ServerRegistry;
import java.io.IOException;
import java.io.PrintStream;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Rounds of many, one after another in an order of chance, so that a busy minute of the machine
 * falls on all of them. A cluster serves as long as it becomes whole by itself.
 */
final class Series implements AutoCloseable {
  private static final int LATEST = 1_000;

  private final ServerRegistry registry;
  private final Asked asked;
  private final PrintStream progress;
  private final Random random;
  private final Map<Entry, Running> running = new EnumMap<>(Entry.class);
  private final List<Round> rounds = new ArrayList<>();
  private boolean waits;

  /** A cluster, and the lowest id that its next round may use. */
  private record Running(Contestant contestant, long nextId) {}

  private record Turn(Entry entry, Fault fault) {}

  /** What becomes of a round. */
  @FunctionalInterface
  interface Keeping {
    void keep(Round round) throws IOException;
  }

  Series(ServerRegistry registry, Asked asked, PrintStream progress) {
    this.registry = registry;
    this.asked = asked;
    this.progress = progress;
    this.random = new Random(asked.seed());
  }

  /**
   * Measures all that is asked for; each round is kept as soon as it has ended.
   *
   * @param about what else a round says: {@code commit}, {@code command}, {@code load}
   */
  List<Round> run(Supplier<Map<String, String>> about, Keeping keeping)
      throws IOException, SQLException {
    for (boolean mode : asked.waits()) {
      waits = mode;
      for (int count = 1; count <= asked.rounds(); count++) {
        for (Turn turn : order()) {
          Instant at = Instant.now().truncatedTo(ChronoUnit.SECONDS);
          Round round = roundOrAnother(turn, at, about.get());
          progress.println("%3d/%d  %s".formatted(count, asked.rounds(), line(turn, round)));
          keeping.keep(round);
          rounds.add(round);
        }
      }
      stopAll();
    }
    return List.copyOf(rounds);
  }

  private List<Turn> order() {
    List<Turn> turns = new ArrayList<>();
    for (Entry entry : asked.entries()) {
      for (Fault fault : asked.faults()) {
        if (entry.without(fault).isEmpty()) {
          turns.add(new Turn(entry, fault));
        }
      }
    }
    Collections.shuffle(turns, random);
    return turns;
  }

  /** A round that cannot be told from is made once more, on another cluster. */
  private Round roundOrAnother(Turn turn, Instant at, Map<String, String> about)
      throws IOException, SQLException {
    try {
      return round(turn, at, about);
    } catch (IOException | SQLException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw e;
      }
      progress.println(turn.entry().title() + ", once more: " + e.getMessage());
      stop(turn.entry());
      return round(turn, at, about);
    }
  }

  private Round round(Turn turn, Instant at, Map<String, String> about)
      throws IOException, SQLException {
    Duration late = Duration.ofMillis(random.nextInt(LATEST));
    Running cluster = whole(turn);
    Contestant contestant = cluster.contestant();
    Bout.Result result;
    try {
      result = new Bout(contestant, turn.fault()).run(cluster.nextId(), late);
    } catch (IOException | SQLException e) {
      progress.println(contestant.story());
      throw e;
    }
    if (result.whole() < 0) {
      progress.println(contestant.story());
    }
    if (result.whole() < 0 || !contestant.heals()) {
      stop(turn.entry());
    } else {
      running.put(turn.entry(), new Running(contestant, result.nextId()));
    }
    return new Round(
        at.toString(),
        about.getOrDefault("commit", ""),
        about.getOrDefault("command", ""),
        asked.seed(),
        turn.entry().word(),
        turn.fault().word(),
        waits,
        result.from(),
        result.to(),
        result.gap(),
        result.lost(),
        result.dual(),
        result.moved(),
        result.whole(),
        about.getOrDefault("load", ""));
  }

  /** A whole cluster of that entry: the one that runs, or a new one. */
  private Running whole(Turn turn) throws IOException {
    Running known = running.get(turn.entry());
    if (known != null) {
      known.contestant().prepare(turn.fault());
      if (new Bout(known.contestant(), turn.fault()).awaitWhole()) {
        return known;
      }
      progress.println(turn.entry().title() + " is not whole any more: another one is made");
      stop(turn.entry());
    }
    boolean cuts = asked.faults().stream().anyMatch(Fault::cuts);
    Contestant made =
        turn.entry() == Entry.COTIDAL
            ? CotidalContestant.start(registry, waits, cuts)
            : RivalContestant.start(registry, turn.entry(), waits, cuts);
    Running fresh = new Running(made, 1);
    running.put(turn.entry(), fresh);
    made.prepare(turn.fault());
    if (!new Bout(made, turn.fault()).awaitWhole()) {
      throw new IOException(turn.entry().title() + " never becomes whole:\n" + made.story());
    }
    return fresh;
  }

  private String line(Turn turn, Round round) {
    return "%-30s %-20s %-12s %6d ms  %s to %s, lost %d, dual %d, %s"
        .formatted(
            turn.entry().title(),
            turn.fault().title(),
            waits ? "quorum" : "asynchronous",
            round.gap(),
            round.from(),
            round.to().isEmpty() ? "nobody" : round.to(),
            round.lost(),
            round.dual(),
            round.whole() < 0
                ? "never whole again"
                : "whole after %.1f s".formatted(round.whole() / 1_000.0));
  }

  private void stop(Entry entry) throws IOException {
    Running known = running.remove(entry);
    if (known != null) {
      known.contestant().close();
    }
  }

  private void stopAll() throws IOException {
    for (Entry entry : Entry.values()) {
      stop(entry);
    }
  }

  @Override
  public void close() throws IOException {
    stopAll();
  }
}
