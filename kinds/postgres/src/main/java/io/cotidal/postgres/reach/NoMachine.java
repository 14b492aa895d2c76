package io.cotidal.postgres.reach;

import io.cotidal.model.MemberId;
import io.cotidal.model.Outcome;
import io.cotidal.model.Stamp;
import io.cotidal.remote.Conduit;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.LocalProcesses;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A member that is reached by SQL alone. There is no gate: what came here is remembered by this
 * process and by nobody else, so an older daemon on another machine is not refused. Whoever plans
 * knows that, and has nothing done here by itself that could not be undone.
 */
final class NoMachine implements Machine {
  private final MemberId member;
  private final ReentrantLock door = new ReentrantLock();
  private volatile Stamp newest = Stamp.NONE;

  NoMachine(MemberId member) {
    this.member = member;
  }

  @Override
  public Glance glance() {
    return (answered, deadline) -> {
      throw new OutOfReach(member);
    };
  }

  @Override
  public Stamp remembered() {
    return newest;
  }

  @Override
  public Outcome under(Stamp stamp, Deadline deadline, Work<Outcome> work)
      throws IOException, InterruptedException {
    enter(deadline);
    try {
      Stamp before = newest;
      if (before.refuses(stamp)) {
        return new Outcome.Refused(before);
      }
      newest = stamp;
      return work.in(new NoInside(member, before));
    } finally {
      door.unlock();
    }
  }

  @Override
  public <T> Optional<T> look(Stamp stamp, Deadline deadline, Work<T> work)
      throws IOException, InterruptedException {
    enter(deadline);
    try {
      Stamp before = newest;
      if (before.refuses(stamp)) {
        return Optional.empty();
      }
      newest = stamp;
      return Optional.of(work.in(new NoInside(member, before)));
    } finally {
      door.unlock();
    }
  }

  private void enter(Deadline deadline) throws IOException, InterruptedException {
    if (!door.tryLock(deadline.left().toNanos(), TimeUnit.NANOSECONDS)) {
      throw new IOException(member + " is held by another act");
    }
  }

  @Override
  public void requireSends(Deadline deadline) throws IOException {
    throw new IOException(
        member + " is reached by SQL alone, and rsync reads files; leave clone.way out");
  }

  @Override
  public Conduit send(Portion portion, Deadline deadline) throws IOException {
    throw new OutOfReach(member);
  }

  @Override
  public Optional<LocalProcesses> here() {
    return Optional.empty();
  }

  @Override
  public void close() {
    // Holds nothing open.
  }
}
