package io.cotidal.remote;

import io.cotidal.model.Details;
import io.cotidal.model.Host;
import io.cotidal.model.Inspection;
import io.cotidal.model.MemberId;
import io.cotidal.model.Observation;
import io.cotidal.model.Outcome;
import io.cotidal.model.Stamp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The gates of one resource whose members are not servers of this machine. A gate for each member
 * keeps the epoch, for good; each place of work has one of its own beside it, so that places are
 * worked on side by side. What looks and acts throw becomes what the engine understands.
 * Thread-safe.
 */
public final class GatedMembers {
  private static final String DATA = "data";

  private final Path folder;
  private final LocalProcesses processes;

  /** Those whose files lie below {@code folder}; nothing is touched yet. */
  public GatedMembers(Path folder, LocalProcesses processes) {
    this.folder = folder;
    this.processes = processes;
  }

  /** A look at a member. */
  @FunctionalInterface
  public interface Look<F> {
    /** Looks. */
    F look(Deadline deadline) throws LookFailed, ActFailed, IOException, InterruptedException;
  }

  /**
   * Where something is done.
   *
   * @param keeper the member whose gate keeps the epoch
   * @param path of the place's own gate, below the folder
   */
  public record Place(MemberId keeper, Path path) {}

  /** What is done at a place, from what comes before its gate is entered. */
  @FunctionalInterface
  public interface Course {
    /** Does it; {@code door} leads inside, once. */
    Outcome run(Door door) throws ActFailed, IOException, InterruptedException;
  }

  /** The way into a gate. */
  @FunctionalInterface
  public interface Door {
    /** Does it inside, unless somebody with a newer stamp was there. */
    Outcome under(Deed deed) throws IOException, InterruptedException;
  }

  /** What is done inside a gate. */
  @FunctionalInterface
  public interface Deed {
    /** Does it, and gives the evidence. */
    Details done() throws ActFailed, InterruptedException;
  }

  /** What is looked for inside a gate. */
  @FunctionalInterface
  public interface Search {
    /** Looks whether the effect is there. */
    Inspection found() throws ActFailed, InterruptedException;
  }

  private Gate gate(MemberId member) {
    return new Gate(folder.resolve(member.name()).resolve(DATA), processes);
  }

  private Gate entered(Place place) throws IOException {
    Gate gate =
        new Gate(folder.resolve(place.path()).resolve(DATA), processes, Gate.Memory.WHILE_UP);
    Files.createDirectories(gate.folder().getParent());
    return gate;
  }

  /** Whether nobody has come to that member with a later epoch. */
  public boolean leads(MemberId member, Stamp stamp) throws IOException {
    return gate(member).remembered().epoch() <= stamp.epoch();
  }

  /** Looks at a member. */
  public <F> Observation<F> observe(MemberId member, Duration deadline, Look<F> look) {
    Host host = Host.UNKNOWN;
    try {
      host = new Host(Host.Process.RUNNING, gate(member).remembered(), Details.NONE);
      return new Observation.Seen<>(look.look(Deadline.in(deadline)), host);
    } catch (LookFailed e) {
      return switch (e.what()) {
        case REFUSED -> new Observation.Refused<>(e.line(), host);
        case SILENT -> new Observation.Silent<>(deadline.toNanos(), host);
        case CANNOT_TELL -> new Observation.CannotTell<>(e.line(), host);
      };
    } catch (IOException | ActFailed e) {
      return new Observation.CannotTell<>(ActFailed.line(e), host);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Observation.CannotTell<>("the look was interrupted", host);
    }
  }

  /** Makes a member remember a stamp. */
  public Outcome stamp(MemberId member, Stamp stamp, Duration deadline) {
    try {
      Gate gate = gate(member);
      Files.createDirectories(gate.folder().getParent());
      return gate.under(
          stamp,
          Deadline.in(deadline),
          passage -> new Outcome.Done(Details.of("before", passage.before())));
    } catch (IOException e) {
      return new Outcome.Unknown(ActFailed.line(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Outcome.Unknown("interrupted");
    }
  }

  /** Acts at a place, unless its keeper or the place itself follows a newer stamp. */
  public Outcome act(Place place, Stamp stamp, Deadline deadline, Course course) {
    try {
      Stamp newest = gate(place.keeper()).remembered();
      if (newest.epoch() > stamp.epoch()) {
        return new Outcome.Refused(newest);
      }
      return course.run(deed -> entered(place).under(stamp, deadline, _ -> outcome(deed)));
    } catch (ActFailed e) {
      return new Outcome.Failed(ActFailed.line(e));
    } catch (IOException e) {
      return new Outcome.Unknown(ActFailed.line(e));
    } catch (InterruptedException e) {
      // The thread is the act's own: what follows is the engine's business.
      return new Outcome.Unknown("interrupted");
    }
  }

  private static Outcome outcome(Deed deed) throws InterruptedException {
    try {
      return new Outcome.Done(deed.done());
    } catch (ActFailed e) {
      return e.open()
          ? new Outcome.Unknown(ActFailed.line(e))
          : new Outcome.Failed(ActFailed.line(e));
    }
  }

  /** Looks what became of an act at a place, once nobody is inside. */
  public Inspection inspect(Place place, Stamp stamp, Deadline deadline, Search search) {
    try {
      return entered(place)
          .look(stamp, deadline, _ -> looked(search))
          .orElse(new Inspection.Unknown("the place follows a newer stamp than " + stamp));
    } catch (IOException e) {
      return new Inspection.Unknown(ActFailed.line(e));
    } catch (InterruptedException e) {
      return new Inspection.Unknown("interrupted");
    }
  }

  private static Inspection looked(Search search) throws InterruptedException {
    try {
      return search.found();
    } catch (ActFailed e) {
      return new Inspection.Unknown(ActFailed.line(e));
    }
  }
}
