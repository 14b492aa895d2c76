package io.cotidal.postgres.reach;

import io.cotidal.model.Outcome;
import io.cotidal.model.Stamp;
import io.cotidal.remote.Conduit;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.Gate;
import io.cotidal.remote.LocalConduit;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.Program;
import java.io.IOException;
import java.util.Optional;

/** The machine that we run on. */
public final class LocalMachine implements Machine {
  private final LocalServer server;
  private final LocalProcesses processes;
  private final Gate gate;
  private final LocalRoom room;

  /**
   * The machine of the server at {@code places}; nothing is touched yet.
   *
   * @param user the operating-system user that runs it; empty for our own
   */
  public LocalMachine(Places places, String user, LocalProcesses processes) {
    this.processes = processes;
    this.gate = new Gate(places.data(), processes);
    this.server = new LocalServer(places, user, processes);
    this.room = new LocalRoom(places);
  }

  @Override
  public Glance glance() {
    return (answered, deadline) -> server.sight(answered, gate.remembered()).with(room.latest());
  }

  @Override
  public Stamp remembered() throws IOException {
    return gate.remembered();
  }

  @Override
  public Outcome under(Stamp stamp, Deadline deadline, Work<Outcome> work)
      throws IOException, InterruptedException {
    return gate.under(stamp, deadline, passage -> work.in(new LocalInside(server, gate, passage)));
  }

  @Override
  public <T> Optional<T> look(Stamp stamp, Deadline deadline, Work<T> work)
      throws IOException, InterruptedException {
    return gate.look(stamp, deadline, passage -> work.in(new LocalInside(server, gate, passage)));
  }

  @Override
  public void requireSends(Deadline deadline) {
    // The one that takes is asked for by its gate; this one is the same program's.
  }

  @Override
  public Conduit send(Portion portion, Deadline deadline) throws IOException {
    return new LocalConduit(
        processes, Program.of(server.user(), Rsync.sends(server.places().data(), portion)));
  }

  @Override
  public Optional<LocalProcesses> here() {
    return Optional.of(processes);
  }

  @Override
  public void close() {
    // Holds nothing open.
  }
}
