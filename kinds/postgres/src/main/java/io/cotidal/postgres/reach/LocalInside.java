package io.cotidal.postgres.reach;

import io.cotidal.model.Stamp;
import io.cotidal.postgres.archive.ArchiveScript;
import io.cotidal.postgres.losses.TailScript;
import io.cotidal.remote.Conduit;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.Durable;
import io.cotidal.remote.Gate;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.OsUser;
import io.cotidal.remote.Passage;
import io.cotidal.remote.ProcessId;
import io.cotidal.remote.Program;
import io.cotidal.remote.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A stay inside a gate of this machine. */
final class LocalInside implements Inside {
  private static final String PRIVATE = "rw-------";
  private static final String PUBLIC = "rw-r--r--";
  private static final long LARGE_LOG = 64L * 1024 * 1024;

  private final LocalServer server;
  private final Places places;
  private final Gate gate;
  private final Passage passage;
  private final LocalPipes pipes;

  LocalInside(LocalServer server, Gate gate, Passage passage) {
    this.server = server;
    this.places = server.places();
    this.gate = gate;
    this.passage = passage;
    this.pipes = new LocalPipes(server);
  }

  @Override
  public Stamp before() {
    return passage.before();
  }

  @Override
  public boolean within() {
    return true;
  }

  @Override
  public boolean superseded() throws IOException {
    return passage.superseded();
  }

  @Override
  public Sight sight() throws IOException {
    return server.sight(gate.remembered()).with(new LocalRoom(places).measured());
  }

  @Override
  public boolean exists(Path file) {
    return Files.exists(file);
  }

  @Override
  public Optional<String> read(Path file) throws IOException {
    try {
      return Optional.of(Files.readString(file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  @Override
  public void write(Path file, String text) throws IOException {
    Durable.write(file, text, server.owner().orElse(null), PRIVATE);
  }

  @Override
  public void note(Path file, String text) throws IOException {
    Durable.write(file, text, null, PUBLIC);
  }

  @Override
  public void script(String text, String checksum) throws IOException {
    if (!ArchiveScript.checksum(text).equals(checksum)) {
      throw new IOException("the archive script did not come whole");
    }
    write(places.gate().resolve(ArchiveScript.NAME), text);
  }

  @Override
  public void counter(String text, String checksum) throws IOException {
    if (!ArchiveScript.checksum(text).equals(checksum)) {
      throw new IOException("the script that counts the log did not come whole");
    }
    ownFolder(places.lost());
    write(places.gate().resolve(TailScript.NAME), text);
  }

  @Override
  public void summary(String folder, String text) throws IOException {
    Path kept = places.lost().resolve(folder);
    if (Files.isDirectory(kept, LinkOption.NOFOLLOW_LINKS)) {
      write(kept.resolve("summary.json"), text);
    }
  }

  @Override
  public void delete(Path file) throws IOException {
    Durable.delete(file);
  }

  @Override
  public boolean holdsData() throws IOException {
    return !server.empty();
  }

  @Override
  public void makeData() throws IOException {
    ownFolder(places.data());
  }

  /** A folder that is the server's alone. */
  private void ownFolder(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    OsUser owner = server.owner().orElse(null);
    if (owner != null) {
      owner.own(folder);
    }
  }

  @Override
  public void emptyData() throws IOException {
    if (!Files.exists(places.incomplete())) {
      throw new IOException(places.data() + " is not marked as being made anew");
    }
    Durable.empty(places.data());
  }

  @Override
  public void dropSlot(String slot) throws IOException {
    Path folder = places.data().resolve("pg_replslot").resolve(slot);
    if (Files.isDirectory(folder)) {
      Durable.empty(folder);
      Files.delete(folder);
    }
  }

  @Override
  public void dropForeignLock() throws IOException {
    if (server.lockedByForeigner()) {
      Durable.delete(places.lock());
    }
  }

  @Override
  public Optional<ProcessId> postmaster() throws IOException {
    return server.postmaster();
  }

  @Override
  public List<ProcessId> processes() throws IOException {
    return server.all();
  }

  @Override
  public boolean alive(ProcessId process) throws IOException {
    return server.processes().table().alive(process);
  }

  @Override
  public List<ProcessId> kill() throws IOException {
    Optional<ProcessId> first = server.postmaster();
    if (first.isPresent()) {
      // The main process first, so that it starts nobody anew.
      Signal.KILL.send(first.get());
    }
    List<ProcessId> left = server.all();
    for (ProcessId process : left) {
      Signal.KILL.send(process);
    }
    return left;
  }

  @Override
  public void interrupt() throws IOException {
    Optional<ProcessId> postmaster = server.postmaster();
    if (postmaster.isPresent()) {
      Signal.INTERRUPT.send(postmaster.get());
    }
  }

  @Override
  public boolean postmasterSettled() throws IOException {
    Optional<ProcessId> postmaster = server.postmaster();
    return postmaster.isPresent() && server.processes().table().settled(postmaster.get().pid());
  }

  @Override
  public boolean settledOrGone(long pid) throws IOException {
    return server.processes().table().settled(pid)
        || server.processes().table().find(pid).isEmpty();
  }

  @Override
  public ProcessId start() throws IOException {
    return server
        .processes()
        .launch(
            Program.of(
                server.user(),
                List.of(places.program("postgres").toString(), "-D", places.data().toString())),
            places.log());
  }

  @Override
  public LocalProcesses.Result run(Tool tool, Deadline deadline, LocalProcesses.Meanwhile meanwhile)
      throws IOException, InterruptedException {
    Program program = Program.of(server.user(), arguments(tool));
    boolean reads = tool instanceof Tool.SingleUser;
    if (tool instanceof Tool.Rsync && !Files.exists(places.incomplete())) {
      throw new IOException(places.data() + " is not marked as being made anew");
    }
    try {
      return passage.run(
          reads ? program.reading(places.gate().resolve(Places.ROLES)) : program,
          deadline,
          () -> {
            if (tool.yields() && superseded()) {
              throw new IOException("made way for an act under a newer stamp");
            }
            meanwhile.look();
          });
    } finally {
      if (tool instanceof Tool.Rsync) {
        pipes.remove();
      }
    }
  }

  private List<String> arguments(Tool tool) {
    String program = places.program(tool.name()).toString();
    String data = places.data().toString();
    return switch (tool) {
      case Tool.Initdb initdb ->
          List.of(
              program,
              "--pgdata=" + data,
              "--username=" + initdb.superuser(),
              "--pwfile=" + places.gate().resolve(Places.INITDB_PASSWORD),
              "--auth=scram-sha-256",
              "--data-checksums",
              "--encoding=UTF8",
              "--no-locale",
              // All of it goes to the disk at once, afterwards; file by file takes seconds.
              "--no-sync");
      case Tool.Archive archive -> script(archive);
      case Tool.Tail tail -> script(tail);
      case Tool.Rsync rsync ->
          Rsync.takes(places, rsync.portion(), "/bin/sh " + pipes.words("relay"));
      case Tool.SingleUser single -> List.of(program, "--single", "-D", data, "postgres");
      case Tool.Rewind rewind ->
          List.of(
              program,
              // Put on the disk as a whole afterwards.
              "--no-sync",
              "--target-pgdata=" + data,
              "--source-server=" + rewind.source());
      case Tool.BaseBackup backup -> {
        List<String> line =
            new ArrayList<>(
                List.of(
                    program,
                    "--pgdata=" + data,
                    "--wal-method=stream",
                    "--checkpoint=fast",
                    "--no-sync",
                    "--no-password",
                    "--dbname=" + backup.source()));
        if (backup.rate() > 0) {
          line.add("--max-rate=" + backup.rate());
        }
        yield line;
      }
    };
  }

  private List<String> script(Tool.Archive archive) {
    List<String> line = new ArrayList<>(List.of("/bin/sh"));
    line.add(places.gate().resolve(ArchiveScript.NAME).toString());
    line.addAll(archive.words());
    return line;
  }

  private List<String> script(Tool.Tail tail) {
    List<String> line = new ArrayList<>(List.of("/bin/sh"));
    line.add(places.gate().resolve(TailScript.NAME).toString());
    line.add(places.data().toString());
    line.add(places.bin().toString());
    line.addAll(tail.words());
    return line;
  }

  @Override
  public void makePipes() throws IOException, InterruptedException {
    pipes.make(passage);
  }

  @Override
  public Conduit meet(Deadline deadline) throws IOException {
    return pipes.meet();
  }

  @Override
  public void sync(Deadline deadline) throws IOException, InterruptedException {
    passage.sync(places.data(), deadline);
  }

  @Override
  public long openLog() throws IOException {
    Path log = places.log();
    if (Files.exists(log) && Files.size(log) > LARGE_LOG) {
      Files.move(
          log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
    }
    if (!Files.exists(log)) {
      write(log, "");
    }
    return Files.size(log);
  }

  @Override
  public String log(long from) throws IOException {
    return LocalProcesses.tail(places.log(), from);
  }
}
