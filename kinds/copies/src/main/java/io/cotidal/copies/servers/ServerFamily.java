package io.cotidal.copies.servers;

import io.cotidal.copies.servers.ServerRuntime.Standing;
import io.cotidal.remote.ProcessId;
import io.cotidal.remote.ProcessTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The processes of one server, the first one first. They are its recorded first process and that
 * one's session; and, since PostgreSQL gives each of its processes a session of its own, and since
 * a record may lack the process, whatever of the server's account works in its data folder.
 */
record ServerFamily(List<ProcessTable.Entry> members) {
  private static final ProcessTable TABLE = new ProcessTable();

  /** Those of {@code record} among {@code entries}. */
  static ServerFamily of(ServerRecord record, List<ProcessTable.Entry> entries) throws IOException {
    int owner = record.uid() >= 0 ? record.uid() : self();
    List<ProcessTable.Entry> members = new ArrayList<>();
    for (ProcessTable.Entry entry : entries) {
      if (led(record, entry.id()) || belongs(record, entry, owner)) {
        members.add(entry);
      }
    }
    members.sort(
        Comparator.<ProcessTable.Entry, Boolean>comparing(entry -> !led(record, entry.id()))
            .thenComparingLong(entry -> entry.id().start())
            .thenComparingLong(entry -> entry.id().pid()));
    return new ServerFamily(List.copyOf(members));
  }

  private static boolean led(ServerRecord record, ProcessId process) {
    return record.leader().filter(process::equals).isPresent();
  }

  private static boolean belongs(ServerRecord record, ProcessTable.Entry entry, int owner)
      throws IOException {
    boolean session =
        record
            .leader()
            .filter(
                leader -> leader.pid() == entry.session() && entry.id().start() >= leader.start())
            .isPresent();
    if (!session && !works(record.data(), entry.id())) {
      return false;
    }
    if (TABLE.owner(entry.id()).orElse(-1) != owner) {
      return false;
    }
    // Where an account is shared, a person may work in the folder too, with another program.
    return session || record.uid() >= 0 || TABLE.runs(entry.id(), record.program());
  }

  private static boolean works(Path data, ProcessId process) {
    Optional<Path> folder = TABLE.folder(process);
    return folder.isPresent()
        && (folder.get().startsWith(data) || folder.get().toString().equals(data + " (deleted)"));
  }

  private static int self() throws IOException {
    return TABLE.owner(TABLE.find(ProcessHandle.current().pid()).orElseThrow().id()).orElseThrow();
  }

  /** Whether none is left. */
  boolean gone() {
    return members.isEmpty();
  }

  /** How the server stands: as its first process does. */
  Standing standing() {
    if (gone()) {
      return Standing.GONE;
    }
    return stopped(members.getFirst()) ? Standing.PAUSED : Standing.RUNNING;
  }

  /** Whether every process is stopped. */
  boolean stopped() {
    return members.stream().allMatch(ServerFamily::stopped);
  }

  static boolean stopped(ProcessTable.Entry entry) {
    return entry.state() == 'T' || entry.state() == 't';
  }
}
