package io.cotidal.server;

import io.cotidal.model.Actor;
import java.util.List;
import java.util.Optional;

/**
 * Takes up a changed configuration while the daemon runs. Supplied by whoever wires it; called on a
 * request's own thread. Thread-safe.
 */
public interface Reconfiguration {
  /** Of a daemon that has no file to read again. */
  Reconfiguration NONE =
      new Reconfiguration() {
        @Override
        public Outcome apply(Request request) {
          return new Outcome.Refused("this daemon reads no configuration again; restart it");
        }

        @Override
        public Standing standing() {
          return new Standing("", List.of());
        }
      };

  /** Validates all of it, says what would change, and changes it unless that is not wanted. */
  Outcome apply(Request request);

  /** What is in force, and on whose word. */
  Standing standing();

  /**
   * What is asked for.
   *
   * @param text of the configuration; if empty, what the daemon's own file holds
   * @param dryRun whether only the changes are wanted
   */
  record Request(Actor actor, Optional<String> text, boolean dryRun) {}

  /** What came of it. */
  sealed interface Outcome {
    /** It can be used. */
    record Taken(Report report) implements Outcome {}

    /**
     * It cannot be used; nothing has changed.
     *
     * @param problems all of them, a line each
     */
    record Faulty(List<String> problems) implements Outcome {
      /** Copies the list. */
      public Faulty {
        problems = List.copyOf(problems);
      }
    }

    /** Not this way; nothing has changed. */
    record Refused(String reason) implements Outcome {}

    /** Not by this daemon; nothing has changed. */
    record NotLeading(String reason) implements Outcome {}
  }

  /**
   * What changes, or has changed.
   *
   * @param file that the daemon reads
   * @param applied whether anything was done at all
   * @param changes a line for each resource, then for each key that takes a restart
   */
  record Report(String file, boolean applied, List<Change> changes) {
    /** Copies the list. */
    public Report {
      changes = List.copyOf(changes);
    }
  }

  /**
   * One change.
   *
   * @param what the resource, or the key that belongs to none
   * @param change what happens to it
   * @param state how far that is
   * @param reason why it is not further, and what to do; empty if it is done
   * @param lines each key with its value before and after; no secrets
   */
  record Change(String what, How change, State state, String reason, List<String> lines) {
    /** Copies the list. */
    public Change {
      lines = List.copyOf(lines);
    }
  }

  /** What happens to a resource. */
  enum How {
    /** It is managed from now on. */
    ADDED,
    /** It is managed otherwise. */
    CHANGED,
    /** It is managed no more; its members run on. */
    RELEASED
  }

  /** How far a change is. */
  enum State {
    /** It would be made. */
    PLANNED,
    /** It is in force. */
    APPLIED,
    /** It takes a restart of the daemon. */
    RESTART,
    /** Something is under way; the old configuration is in force. */
    BUSY
  }

  /**
   * What is in force.
   *
   * @param file that the daemon reads
   * @param resources by name
   */
  record Standing(String file, List<OfRecord> resources) {
    /** Copies the list. */
    public Standing {
      resources = List.copyOf(resources);
    }
  }

  /**
   * A resource's configuration in the store.
   *
   * @param generation counts the changes, from 1
   * @param digest of what all daemons must have in common
   * @param origin the file, and its machine
   * @param actor who applied it
   * @param micros when
   * @param agrees whether this daemon has the same
   * @param differences the keys in which it differs
   */
  record OfRecord(
      String resource,
      long generation,
      String digest,
      boolean released,
      String origin,
      String actor,
      long micros,
      boolean agrees,
      List<String> differences) {
    /** Copies the list. */
    public OfRecord {
      differences = List.copyOf(differences);
    }
  }
}
