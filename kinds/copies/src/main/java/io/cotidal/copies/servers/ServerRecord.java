package io.cotidal.copies.servers;

import io.cotidal.copies.database.Place;
import io.cotidal.remote.Durable;
import io.cotidal.remote.ProcessId;
import io.cotidal.remote.Signal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the runtime remembers of a server that it started. Written before the server is started, and
 * completed with its process afterwards: whoever finds it incomplete searches by the data folder.
 * Not forced to the disk: after a power cut no process of it is left.
 *
 * @param id the place's
 * @param boot the boot of the machine in which it was started
 * @param data the server's working directory, as a real path
 * @param uid whose it is; -1 for this process's own account
 * @param program file name of the server's program
 * @param stop what makes it end in order
 * @param leader the server's first process; empty if nobody noted it
 */
record ServerRecord(
    String id,
    String boot,
    Path data,
    int uid,
    String program,
    Signal stop,
    Optional<ProcessId> leader) {
  private static final String NAME = "server.process";
  private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

  /** The record that is about to be of {@code place}. */
  static ServerRecord before(Place place, Path program, Signal stop) throws IOException {
    String name = String.valueOf(program.toRealPath().getFileName());
    return new ServerRecord(
        place.id(),
        Files.readString(BOOT).strip(),
        place.data().toRealPath(),
        place.uid(),
        name,
        stop,
        Optional.empty());
  }

  /** Where the record of a place is. */
  static Path file(Path run) {
    return run.resolve(NAME);
  }

  /**
   * The record in a folder {@code run}, if there is one.
   *
   * @throws IOException if it cannot be read, or is none
   */
  static Optional<ServerRecord> read(Path run) throws IOException {
    Path file = file(run);
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    Map<String, String> words = new HashMap<>();
    for (String line : RunFiles.text(file).split("\n")) {
      int blank = line.indexOf(' ');
      if (blank > 0) {
        words.put(line.substring(0, blank), line.substring(blank + 1));
      }
    }
    try {
      ServerRecord record =
          new ServerRecord(
              word(words, "id"),
              word(words, "boot"),
              Path.of(word(words, "data")),
              Integer.parseInt(word(words, "uid")),
              word(words, "program"),
              Signal.valueOf(word(words, "stop")),
              Optional.ofNullable(words.get("leader")).map(ProcessId::parse));
      return Optional.of(record.now());
    } catch (IllegalArgumentException e) {
      throw new IOException(file + " is no record of a server: " + e.getMessage(), e);
    }
  }

  /** After a restart of the machine a number of a process says nothing. */
  private ServerRecord now() throws IOException {
    return boot.equals(Files.readString(BOOT).strip()) ? this : with(Optional.empty());
  }

  private ServerRecord with(Optional<ProcessId> process) {
    return new ServerRecord(id, boot, data, uid, program, stop, process);
  }

  /** Writes it, over an older one, whole. */
  void write(Path run) throws IOException {
    Path fresh = run.resolve(NAME + ".cotidal-new");
    Files.deleteIfExists(fresh);
    Files.writeString(
        fresh,
        "id %s\nboot %s\ndata %s\nuid %d\nprogram %s\nstop %s\n"
            .formatted(id, boot, data, uid, program, stop.name()),
        StandardOpenOption.CREATE_NEW,
        StandardOpenOption.WRITE);
    Files.move(fresh, file(run), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Adds the process to what was written. */
  static void complete(Path run, ProcessId leader) throws IOException {
    try (SeekableByteChannel channel = RunFiles.open(file(run), StandardOpenOption.APPEND)) {
      channel.write(ByteBuffer.wrap(("leader " + leader + "\n").getBytes(StandardCharsets.UTF_8)));
    }
  }

  /** Removes it, if it is there. */
  static void delete(Path run) throws IOException {
    if (Files.isDirectory(run)) {
      Durable.delete(file(run));
    }
  }

  private static String word(Map<String, String> words, String key) {
    String word = words.get(key);
    if (word == null) {
      throw new IllegalArgumentException("it says no " + key);
    }
    return word;
  }
}
