package io.cotidal.postgres.observe;

import io.cotidal.model.MemberId;
import io.cotidal.pgclient.Login;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Server;
import io.cotidal.remote.Gate;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.OsUser;
import io.cotidal.remote.ProcessId;
import io.cotidal.remote.ProcessTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * One member within reach: its server, its gate, its files, the sessions that are kept with it.
 * Thread-safe.
 */
public final class Node implements AutoCloseable {
  /** Name of the server's program, by which its processes are known. */
  public static final String PROGRAM = "postgres";

  /** The database that Cotidal's sessions use. */
  public static final String DATABASE = "postgres";

  private final Server server;
  private final Gate gate;
  private final LocalProcesses processes;
  private final Login login;
  private final KeptSession watch;
  private final KeptSession work;
  private final KeptSession beat;

  /** The member {@code server} of {@code spec}; nothing is touched yet. */
  public Node(PostgresSpec spec, Server server, LocalProcesses processes) {
    this.server = server;
    this.processes = processes;
    this.gate = new Gate(server.data(), processes);
    this.login =
        new Login(
            server.host(),
            server.port(),
            DATABASE,
            spec.access().superuser(),
            spec.access().password(),
            "cotidal");
    this.watch = new KeptSession(login);
    this.work = new KeptSession(login);
    this.beat = new KeptSession(login);
  }

  /** Its name. */
  public MemberId id() {
    return server.id();
  }

  /** Its part of the spec. */
  public Server server() {
    return server;
  }

  /** Its gate. */
  public Gate gate() {
    return gate;
  }

  /** The machine that it runs on. */
  public LocalProcesses processes() {
    return processes;
  }

  /** How to log in as the superuser. */
  public Login login() {
    return login;
  }

  /** The session for looks. */
  public KeptSession watch() {
    return watch;
  }

  /** The session for acts. */
  public KeptSession work() {
    return work;
  }

  /** The session for heartbeats. */
  public KeptSession beat() {
    return beat;
  }

  /** Its data directory. */
  public Path data() {
    return server.data();
  }

  /** The file that makes a start a demoted one. */
  public Path signal() {
    return data().resolve("standby.signal");
  }

  /** The gate's mark that the data is not whole. */
  public Path incomplete() {
    return gate.folder().resolve("incomplete");
  }

  /** What the server and its programs print. */
  public Path log() {
    Path data = data().toAbsolutePath().normalize();
    return data.resolveSibling(data.getFileName() + ".log");
  }

  /** A program of the server. */
  public Path program(String name) {
    return server.bin().resolve(name);
  }

  /** The user that the server runs as, if it is another one than ours. */
  public Optional<OsUser> owner() throws IOException {
    return processes.user(server.user());
  }

  /** The server's main process, if it lives. */
  public Optional<ProcessId> postmaster() throws IOException {
    List<String> lines;
    try {
      lines = Files.readAllLines(data().resolve("postmaster.pid"));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    long pid;
    try {
      pid = lines.isEmpty() ? 0 : Math.abs(Long.parseLong(lines.getFirst().strip()));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
    Optional<ProcessId> found = processes.table().find(pid).map(ProcessTable.Entry::id);
    return found.isPresent() && processes.table().works(found.get(), data(), PROGRAM)
        ? found
        : Optional.empty();
  }

  /**
   * All processes of the server. Those that outlive the main one count: they can still acknowledge.
   *
   * @throws IOException if they cannot be looked for
   */
  public List<ProcessId> serverProcesses() throws IOException {
    return processes.table().working(data(), PROGRAM);
  }

  @Override
  public void close() {
    watch.close();
    work.close();
    beat.close();
  }
}
