package io.cotidal.lab.geoserver;

import java.util.ArrayList;
import java.util.List;

/** What was asked of a stub, in order. Thread-safe. */
public final class Journal {
  private final List<Entry> entries = new ArrayList<>();

  Journal() {}

  /**
   * One call.
   *
   * @param path below {@code /geoserver}, as it was sent, with its query
   * @param status what was answered; 0 if nothing was
   */
  public record Entry(String method, String path, int status) {
    /** Whether it changes something: not a GET, of the REST interface or of the tile cache's. */
    public boolean writes() {
      return rest() && !method.equals("GET");
    }

    /** Whether it is of the REST interface, or of the tile cache's. */
    public boolean rest() {
      return path.startsWith("/rest/") || path.startsWith("/gwc/rest/");
    }

    @Override
    public String toString() {
      return method + " " + path + " -> " + status;
    }
  }

  synchronized void add(Entry entry) {
    entries.add(entry);
  }

  /** All calls so far. */
  public synchronized List<Entry> entries() {
    return List.copyOf(entries);
  }

  /** How many of them write. */
  public int writes() {
    return (int) entries().stream().filter(Entry::writes).count();
  }

  /** How many calls there were of the REST interface, or of the tile cache's. */
  public int calls() {
    return (int) entries().stream().filter(Entry::rest).count();
  }

  /** How many of the REST interface's were sent by {@code method}. */
  public int calls(String method) {
    return (int)
        entries().stream().filter(one -> one.rest() && one.method().equals(method)).count();
  }

  /** Forgets them. */
  public synchronized void clear() {
    entries.clear();
  }
}
