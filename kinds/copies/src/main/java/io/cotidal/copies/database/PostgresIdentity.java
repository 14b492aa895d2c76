package io.cotidal.copies.database;

import io.cotidal.pgclient.ControlBytes;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.Durable;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.Program;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.List;

/**
 * Gives a cluster that is stopped cleanly a system identifier of its own, and a log that bears it:
 * no server of the cluster that it came from follows it, or is followed by it, from then on.
 */
final class PostgresIdentity {
  private final LocalProcesses processes;
  private final Installation installation;
  private final Place place;

  PostgresIdentity(LocalProcesses processes, Installation installation, Place place) {
    this.processes = processes;
    this.installation = installation;
    this.place = place;
  }

  void renew(Deadline deadline) throws EngineException, IOException, InterruptedException {
    Path file = place.data().resolve("global/pg_control");
    ControlBytes before;
    try {
      before = ControlBytes.of(Files.readAllBytes(file));
    } catch (IllegalArgumentException e) {
      throw new EngineException(file + ": " + e.getMessage(), e);
    }
    ControlBytes after = before.withSystemId(fresh(before.systemId()));
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(after.bytes()), 0);
      channel.force(true);
    }
    LocalProcesses.Result result =
        processes.run(
            Program.of(
                Leftovers.user(place),
                List.of(
                    installation.server().resolve("pg_resetwal").toString(),
                    place.data().toString())),
            place.run().resolve("identity.log"),
            started -> new Leftovers(processes, place).note(started.pid()),
            deadline);
    if (result.exit() != 0) {
      throw new EngineException("pg_resetwal failed: " + Complaints.bounded(result.lastLine()));
    }
    if (!ControlBytes.of(Files.readAllBytes(file)).systemId().equals(after.systemId())) {
      throw new EngineException("pg_resetwal did not keep the new system identifier");
    }
    forgetTimelines();
  }

  private static long fresh(String before) {
    SecureRandom random = new SecureRandom();
    long identifier = 0;
    while (identifier == 0 || Long.toUnsignedString(identifier).equals(before)) {
      identifier = random.nextLong() & Long.MAX_VALUE;
    }
    return identifier;
  }

  private void forgetTimelines() throws IOException {
    Path log = place.data().resolve("pg_wal");
    try (DirectoryStream<Path> histories = Files.newDirectoryStream(log, "*.history")) {
      for (Path history : histories) {
        Files.delete(history);
      }
    }
    Durable.empty(log.resolve("archive_status"));
  }
}
