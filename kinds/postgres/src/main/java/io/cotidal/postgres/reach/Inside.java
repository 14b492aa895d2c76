package io.cotidal.postgres.reach;

import io.cotidal.model.Stamp;
import io.cotidal.remote.Conduit;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.ProcessId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * One act's stay inside a member's gate: the files and processes of its server. Paths are those of
 * {@link Places}, and of files in the data directory that Cotidal owns; no others are touched. For
 * one thread. Whatever cannot be told or done is an {@link IOException}.
 */
public interface Inside {
  /** What the gate remembered when it was entered. */
  Stamp before();

  /**
   * Whether the machine is within reach. If not, only what needs no file and no process can be
   * asked here, and the rest fails.
   */
  boolean within();

  /** Whether somebody with a newer stamp waits: then a long act ends as soon as it safely can. */
  boolean superseded() throws IOException, InterruptedException;

  /** What a look from here sees, with the control file, however whole the data is. */
  Sight sight() throws IOException, InterruptedException;

  /** Whether the file is there. */
  boolean exists(Path file) throws IOException, InterruptedException;

  /** The file's text; empty if there is no such file. */
  Optional<String> read(Path file) throws IOException, InterruptedException;

  /** Replaces a file as a whole, for good; the server's user alone can read it. */
  void write(Path file, String text) throws IOException, InterruptedException;

  /** The same for what the gate keeps, and everybody may read. */
  void note(Path file, String text) throws IOException, InterruptedException;

  /**
   * Puts the member's archive script in its one place, for good.
   *
   * @param checksum its SHA-256 in lower-case hexadecimal, which is compared where it arrives
   */
  void script(String text, String checksum) throws IOException, InterruptedException;

  /**
   * Puts the script that counts what a log has beyond the primary's in its one place, for good, and
   * sees to it that the server's account may keep that beside the data.
   *
   * @param checksum its SHA-256 in lower-case hexadecimal, which is compared where it arrives
   */
  void counter(String text, String checksum) throws IOException, InterruptedException;

  /**
   * Writes the summary beside what that script has kept.
   *
   * @param folder the name that the script was given for it
   */
  void summary(String folder, String text) throws IOException, InterruptedException;

  /** Deletes a file if it is there, for good. */
  void delete(Path file) throws IOException, InterruptedException;

  /** Whether anything lies in the data directory. */
  boolean holdsData() throws IOException, InterruptedException;

  /** Makes the data directory, the server's own, unless it is there. */
  void makeData() throws IOException, InterruptedException;

  /** Deletes everything in the data directory; only while it is marked as incomplete. */
  void emptyData() throws IOException, InterruptedException;

  /** Deletes what the data directory holds of a replication slot. */
  void dropSlot(String slot) throws IOException, InterruptedException;

  /** Deletes a lock file whose number belongs to a program that is no server, or to a zombie. */
  void dropForeignLock() throws IOException, InterruptedException;

  /** The server's main process, if it lives. */
  Optional<ProcessId> postmaster() throws IOException, InterruptedException;

  /**
   * All processes of the server. Those that outlive the main one count: they can still acknowledge.
   */
  List<ProcessId> processes() throws IOException, InterruptedException;

  /** Whether that process still exists. */
  boolean alive(ProcessId process) throws IOException, InterruptedException;

  /** Sends a kill to all processes of the server, stopped ones too; who may be left. */
  List<ProcessId> kill() throws IOException, InterruptedException;

  /** Tells the server to stop in order; nothing if it does not run. */
  void interrupt() throws IOException, InterruptedException;

  /** Whether the main process has dealt with a hang-up signal that was sent to it before. */
  boolean postmasterSettled() throws IOException, InterruptedException;

  /** The same of another process of the server; also if that is gone. */
  boolean settledOrGone(long pid) throws IOException, InterruptedException;

  /** Starts the server. It outlives us. */
  ProcessId start() throws IOException, InterruptedException;

  /**
   * Runs a program to its end. Should we die before, whoever enters next waits for it or kills it.
   * One that yields is ended when somebody with a newer stamp waits.
   *
   * @param meanwhile done about twice a second; must ask nothing of this stay
   * @throws IOException if it cannot be started, or did not end in time and was killed
   */
  LocalProcesses.Result run(Tool tool, Deadline deadline, LocalProcesses.Meanwhile meanwhile)
      throws IOException, InterruptedException;

  /** The same, with nothing done meanwhile. */
  default LocalProcesses.Result run(Tool tool, Deadline deadline)
      throws IOException, InterruptedException {
    return run(tool, deadline, () -> {});
  }

  /**
   * Readies the two pipes by which {@link Tool.Rsync} is spoken to.
   *
   * @throws IOException if no rsync can be run there
   */
  void makePipes() throws IOException, InterruptedException;

  /** The other end of those pipes; may be asked while the program runs. */
  Conduit meet(Deadline deadline) throws IOException, InterruptedException;

  /** Puts everything of the data directory on the disk. */
  void sync(Deadline deadline) throws IOException, InterruptedException;

  /**
   * Readies the server's log for a start: private, and put aside when it has grown large.
   *
   * @return its length
   */
  long openLog() throws IOException, InterruptedException;

  /** What the log holds from that byte on, at most its last 64 KiB. */
  String log(long from) throws IOException, InterruptedException;
}
