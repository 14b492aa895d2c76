package io.cotidal.postgres.reach;

import io.cotidal.model.Outcome;
import io.cotidal.model.Stamp;
import io.cotidal.remote.Conduit;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.ssh.Dialogue;
import io.cotidal.remote.ssh.SshChannel;
import io.cotidal.remote.ssh.SshFailure;
import io.cotidal.remote.ssh.SshLink;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A machine that is reached over SSH, by the gate's program there. A stay inside its gate is one
 * channel: when that ends, however it ends, the program there gives the gate up.
 */
public final class SshMachine implements Machine {
  private static final String PROTOCOL = "cotidal-gate 1 ";
  private static final Duration ROOM_HOLDS = Duration.ofMinutes(1);

  private final SshLink link;
  private final String name;
  private final Places places;
  private final Watch watch;
  private volatile Stamp newest = Stamp.NONE;
  private Optional<Room> room = Optional.empty();
  private long roomAt;

  /**
   * The machine behind {@code link}; nothing is connected yet.
   *
   * @param name under which the member is prepared there
   */
  public SshMachine(SshLink link, String name, Places places) {
    this.link = link;
    this.name = name;
    this.places = places;
    this.watch = new Watch(watching());
  }

  private Watch.Line watching() {
    return new Watch.Line() {
      @Override
      public void prepare() throws SshFailure {
        link.ready();
      }

      @Override
      public Dialogue open(Deadline deadline) throws SshFailure, InterruptedException {
        return dialogue("watch", deadline);
      }
    };
  }

  @Override
  public Glance glance() {
    Optional<Watch.Asked> asked = watch.begin();
    return (answered, deadline) -> {
      Sight sight = SshSight.read(watch.end(asked, answered, deadline), places);
      seen(sight.stamp());
      return sight.with(room(sight.room()));
    };
  }

  /** What was told now, or a while ago: one look in many asks for it. */
  private synchronized Optional<Room> room(Optional<Room> told) {
    long now = System.nanoTime();
    if (told.isPresent()) {
      room = told;
      roomAt = now;
    }
    return now - roomAt < ROOM_HOLDS.toNanos() ? room : Optional.empty();
  }

  @Override
  public Stamp remembered() {
    return newest;
  }

  @Override
  public Outcome under(Stamp stamp, Deadline deadline, Work<Outcome> work)
      throws IOException, InterruptedException {
    try (Dialogue dialogue = open("enter", stamp, deadline)) {
      return switch (entered(dialogue, stamp, deadline)) {
        case Entered.Refused refused -> new Outcome.Refused(refused.newer());
        case Entered.Inside inside ->
            work.in(stay(dialogue, new SshInside.Stay(stamp, inside.before(), deadline)));
      };
    }
  }

  @Override
  public <T> Optional<T> look(Stamp stamp, Deadline deadline, Work<T> work)
      throws IOException, InterruptedException {
    try (Dialogue dialogue = open("look", stamp, deadline)) {
      return switch (entered(dialogue, stamp, deadline)) {
        case Entered.Refused refused -> Optional.empty();
        case Entered.Inside inside ->
            Optional.of(
                work.in(stay(dialogue, new SshInside.Stay(stamp, inside.before(), deadline))));
      };
    }
  }

  private SshInside stay(Dialogue dialogue, SshInside.Stay stay) {
    return new SshInside(places, dialogue, stay, meeting(stay.stamp()));
  }

  private Dialogue open(String mode, Stamp stamp, Deadline deadline)
      throws SshFailure, InterruptedException {
    long millis = Math.max(1, deadline.left().toMillis());
    return dialogue(mode + " " + stamp + " " + millis, deadline);
  }

  private Dialogue dialogue(String words, Deadline deadline)
      throws SshFailure, InterruptedException {
    return new Dialogue(
        link.open(PROTOCOL + name + " " + words, deadline), link.access().toString());
  }

  private sealed interface Entered {
    record Inside(Stamp before) implements Entered {}

    record Refused(Stamp newer) implements Entered {}
  }

  private Entered entered(Dialogue dialogue, Stamp stamp, Deadline deadline)
      throws IOException, InterruptedException {
    List<String> words = dialogue.greeting(deadline);
    if (words.getFirst().equals("busy")) {
      throw new IOException("the gate of " + name + " is held by another act");
    }
    if (words.size() != 2) {
      throw new IOException(link.access() + ": the gate says something that is not known here");
    }
    Stamp seen = SshSight.stamp(words.get(1));
    seen(seen);
    if (words.getFirst().equals("entered")) {
      seen(stamp);
      return new Entered.Inside(seen);
    }
    return new Entered.Refused(seen);
  }

  private synchronized void seen(Stamp stamp) {
    newest = newest.refuses(stamp) ? newest : stamp;
  }

  @Override
  public void requireSends(Deadline deadline) throws IOException, InterruptedException {
    try (SshChannel asked = link.open(PROTOCOL + name + " send ready", deadline)) {
      String said = asked.hearOrEnd(deadline).orElse("");
      Rsync.requireReady(said, asked.complaint(), link.access().toString());
    }
  }

  @Override
  public Conduit send(Portion portion, Deadline deadline) throws IOException, InterruptedException {
    return link.conduit(PROTOCOL + name + " send " + portion.words(), deadline);
  }

  /** How a stay under {@code stamp} meets the program that it runs. */
  private SshInside.Meeting meeting(Stamp stamp) {
    return deadline -> link.conduit(PROTOCOL + name + " meet " + stamp, deadline);
  }

  @Override
  public Optional<LocalProcesses> here() {
    return Optional.empty();
  }

  @Override
  public void close() {
    watch.close();
    link.close();
  }
}
