package io.cotidal.gateway.outbox;

import io.cotidal.gateway.request.Subject;
import io.cotidal.objects.names.Timestamp;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What is open, as the lines of a file say. The same lines give the same table. */
final class Table {
  private final TreeMap<Subject, Entry> entries = new TreeMap<>();
  private final Map<Long, Subject> flights = new HashMap<>();
  private Timestamp stamp = Timestamp.NEVER;
  private long next = 1;

  private static final class Entry {
    private final Timestamp since;
    private final Map<Long, Flight> flights = new TreeMap<>();
    private Timestamp stamp = Timestamp.NEVER;
    private long version;
    private Footing footing;

    Entry(Timestamp since, Footing footing) {
      this.since = since;
      this.footing = footing;
    }
  }

  private record Flight(Timestamp stamp, String verb) {}

  /** The latest stamp in it. */
  Timestamp stamp() {
    return stamp;
  }

  /** The first id that is not in it. */
  long next() {
    return next;
  }

  int size() {
    return entries.size();
  }

  Optional<Open> open(Subject subject) {
    Entry entry = entries.get(subject);
    return entry == null ? Optional.empty() : Optional.of(open(subject, entry));
  }

  List<Open> all() {
    List<Open> all = new ArrayList<>(entries.size());
    entries.forEach((subject, entry) -> all.add(open(subject, entry)));
    return all;
  }

  private static Open open(Subject subject, Entry entry) {
    return new Open(
        subject, entry.since, entry.stamp, entry.version, entry.flights.size(), entry.footing);
  }

  /** Ids of changes of which nobody knows how they ended. */
  List<Long> flying() {
    return new ArrayList<>(flights.keySet());
  }

  /** The lines with which a file begins that goes on from here. */
  List<Note> beginning() {
    List<Note> notes = new ArrayList<>();
    notes.add(new Note.Begun(stamp, next));
    entries.forEach((subject, entry) -> {
      notes.add(new Note.Held(subject, entry.since, entry.stamp, entry.version, entry.footing));
      entry.flights.forEach((id, flight) ->
          notes.add(new Note.Intended(id, flight.stamp(), subject, flight.verb(), entry.footing)));
    });
    notes.add(new Note.Whole());
    return notes;
  }

  void apply(Note note) {
    switch (note) {
      case Note.Begun begun -> {
        later(begun.stamp());
        next = Math.max(next, begun.next());
      }
      case Note.Held held -> {
        Entry entry = new Entry(held.since(), held.footing());
        entry.stamp = held.stamp();
        entry.version = held.version();
        entries.put(held.subject(), entry);
        later(held.stamp());
      }
      case Note.Whole _ -> {}
      case Note.Intended intended -> intended(intended);
      case Note.Ended ended -> ended(ended);
      case Note.Kept kept -> {
        Entry entry = entries.get(kept.subject());
        if (entry != null) {
          entry.footing = kept.footing();
        }
      }
      case Note.Converged converged -> {
        Entry entry = entries.get(converged.subject());
        if (entry != null && entry.flights.isEmpty() && entry.version <= converged.version()) {
          entries.remove(converged.subject());
        }
      }
    }
  }

  private void intended(Note.Intended note) {
    entries
        .computeIfAbsent(note.subject(), _ -> new Entry(note.stamp(), note.footing()))
        .flights
        .put(note.id(), new Flight(note.stamp(), note.verb()));
    flights.put(note.id(), note.subject());
    later(note.stamp());
    next = Math.max(next, note.id() + 1);
  }

  private void ended(Note.Ended note) {
    Subject subject = flights.remove(note.id());
    Entry entry = subject == null ? null : entries.get(subject);
    Flight flight = entry == null ? null : entry.flights.remove(note.id());
    if (subject == null || entry == null || flight == null) {
      return;
    }
    if (note.done()) {
      entry.version++;
      entry.stamp = flight.stamp().after(entry.stamp) ? flight.stamp() : entry.stamp;
    } else if (entry.version == 0 && entry.flights.isEmpty()) {
      entries.remove(subject);
    }
  }

  private void later(Timestamp other) {
    stamp = other.after(stamp) ? other : stamp;
  }
}
