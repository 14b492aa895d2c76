package io.cotidal.copies.database.tiny;

import io.cotidal.copies.database.EngineException;
import io.cotidal.copies.database.Place;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.ProcessId;
import io.cotidal.remote.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A server at the socket of its run folder, while a data folder is filled. */
final class TinyFilling implements AutoCloseable {
  private static final Duration LOOK = Duration.ofMillis(20);
  private static final Duration FORCE = Duration.ofSeconds(5);

  private final LocalProcesses processes;
  private final Path socket;
  private final Path record;
  private final ProcessId id;

  private TinyFilling(LocalProcesses processes, Place place, ProcessId id) {
    this.processes = processes;
    this.socket = place.run().resolve(TinyServer.SOCKET);
    this.record = record(place);
    this.id = id;
  }

  private static Path record(Place place) {
    return place.run().resolve("filling");
  }

  /** Starts it; one that an attempt before has left is ended. */
  static TinyFilling start(TinyEngine engine, Place place, Deadline deadline)
      throws EngineException, IOException, InterruptedException {
    LocalProcesses processes = engine.processes();
    Path record = record(place);
    if (Files.exists(record)) {
      processes.killSession(ProcessId.parse(Files.readString(record)), deadline);
    }
    Files.deleteIfExists(place.run().resolve(TinyServer.SOCKET));
    ProcessId id = processes.launch(engine.program(place, false), place.log());
    Files.writeString(record, id.toString());
    TinyFilling filling = new TinyFilling(processes, place, id);
    boolean up = false;
    try {
      while (!up) {
        if (deadline.over() || !processes.table().alive(id)) {
          throw new EngineException("the tiny server did not start");
        }
        deadline.pause(LOOK);
        up = filling.answers();
      }
      return filling;
    } finally {
      if (!up) {
        filling.close();
      }
    }
  }

  private boolean answers() {
    try (TinyClient client = session(TinySession.ADMINISTRATOR)) {
      return !client.broken();
    } catch (EngineException e) {
      return false;
    }
  }

  TinyClient session(String name) throws EngineException {
    return TinyClient.isolated(socket, name);
  }

  /** Stops it in order, which writes the tables down. */
  void stop(Deadline deadline) throws EngineException, IOException, InterruptedException {
    Signal.TERMINATE.send(id);
    while (processes.table().alive(id)) {
      if (deadline.over()) {
        throw new EngineException("the tiny server did not stop in time");
      }
      deadline.pause(LOOK);
    }
  }

  @Override
  public void close() throws IOException {
    kill();
  }

  /** Ends it in any way. */
  void kill() throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      if (!processes.killSession(id, Deadline.in(FORCE))) {
        throw new IOException("the tiny server outlives a kill");
      }
      Files.deleteIfExists(record);
    } catch (InterruptedException e) {
      interrupted = true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
