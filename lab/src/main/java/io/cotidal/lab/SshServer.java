package io.cotidal.lab;

import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.OsUser;
import io.cotidal.remote.ProcessId;
import io.cotidal.remote.ProcessTable;
import io.cotidal.remote.Signal;
import io.cotidal.remote.ssh.HostKeys;
import io.cotidal.remote.ssh.PinnedKeys;
import io.cotidal.remote.ssh.SshAccess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Debian's real SSH server on loopback, as an account without rights and for that account alone: a
 * host key and a list of keys that are let in of its own, no passwords.
 */
public final class SshServer {
  private static final Path SERVER = Path.of("/usr/sbin/sshd");
  private static final Path KEYS = Path.of("/usr/bin/ssh-keygen");
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration LOOK = Duration.ofMillis(10);

  private final ServerRegistry registry;
  private final Path folder;
  private final int port;
  private final String user;
  private final Optional<OsUser> owner;
  private @Nullable Process process;

  private SshServer(ServerRegistry registry, String user) throws IOException {
    this.registry = registry;
    this.user = user;
    this.folder = registry.folder("sshd");
    this.port = registry.port();
    this.owner = new LocalProcesses().user(user);
  }

  /** Why none can be run here, with the remedy; empty if one can. */
  public static Optional<String> missing() {
    return Files.isExecutable(SERVER) && Files.isExecutable(KEYS)
        ? Optional.empty()
        : Optional.of(
            "the SSH server is not installed: apt-get install openssh-server openssh-client");
  }

  /** Makes one that runs as, and logs in, the account of {@link ServerUser}; and starts it. */
  public static SshServer start(ServerRegistry registry) throws IOException {
    Optional<String> missing = missing();
    if (missing.isPresent()) {
      throw new IOException(missing.get());
    }
    SshServer server = new SshServer(registry, ServerUser.choose());
    server.make();
    server.start();
    return server;
  }

  private void make() throws IOException {
    key(folder.resolve("host"));
    key(identity());
    key(folder.resolve("stranger"));
    Files.writeString(authorizedKeys(), "");
    Files.writeString(
        folder.resolve("config"),
        """
        Port %d
        ListenAddress 127.0.0.1
        HostKey %s
        AuthorizedKeysFile %s
        PidFile none
        StrictModes no
        UsePAM no
        UseDNS no
        PasswordAuthentication no
        KbdInteractiveAuthentication no
        MaxStartups 200
        MaxSessions 100
        LogLevel ERROR
        """
            .formatted(port, folder.resolve("host"), authorizedKeys()));
    own(folder);
    own(folder.resolve("host"));
    own(authorizedKeys());
  }

  private static void key(Path file) throws IOException {
    Commands.run(
        List.of(
            KEYS.toString(), "-q", "-t", "ed25519", "-N", "", "-C", "lab", "-f", file.toString()));
  }

  private void own(Path file) throws IOException {
    if (owner.isPresent()) {
      owner.get().own(file);
    }
  }

  /** A folder inside its own that belongs to the account. */
  public Path makeFolder(String name) throws IOException {
    Path made = Files.createDirectory(folder.resolve(name));
    Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwxr-xr-x"));
    own(made);
    return made;
  }

  /** The port. */
  public int port() {
    return port;
  }

  /** The account that can be logged in to. */
  public String user() {
    return user.isEmpty() ? System.getProperty("user.name") : user;
  }

  /** The account's name for those who run programs as it; empty if it is this process's own. */
  public String account() {
    return user;
  }

  /** The private key of the file of a client; it is let in once {@link #letIn} was called. */
  public Path identity() {
    return folder.resolve("identity");
  }

  /** A private key that nobody lets in. */
  public Path stranger() {
    return folder.resolve("stranger");
  }

  /** The list of the keys that are let in. */
  public Path authorizedKeys() {
    return folder.resolve("authorized_keys");
  }

  /** The line of a known_hosts file by which it is known. */
  public String knownHost() throws IOException {
    return "[127.0.0.1]:" + port + " " + publicKey(folder.resolve("host"));
  }

  /** Type and text of the public key beside a private one. */
  public static String publicKey(Path identity) throws IOException {
    String[] words =
        Files.readString(identity.resolveSibling(identity.getFileName() + ".pub")).split(" ");
    return words[0] + " " + words[1].strip();
  }

  /**
   * Lets the client's key in.
   *
   * @param options what stands before the key in its line; empty for an ordinary login
   */
  public void letIn(String options) throws IOException {
    letIn(options, identity());
  }

  /** Lets that key in. */
  public void letIn(String options, Path identity) throws IOException {
    Files.writeString(
        authorizedKeys(),
        (options.isEmpty() ? "" : options + " ") + publicKey(identity) + " lab\n",
        StandardOpenOption.APPEND);
  }

  /**
   * Puts a program there that the client's key may run, and nothing else.
   *
   * @param options of the key's line, given the program's path
   */
  public void install(String program, Function<Path, String> options) throws IOException {
    Path gate = makeFolder("gate");
    Path members = makeFolder("gate/members");
    Path file = gate.resolve("cotidal-gate");
    Files.writeString(file, program);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    own(file);
    own(members);
    letIn(options.apply(file));
  }

  /** Tells the installed program of a member. */
  public void member(String name, String text) throws IOException {
    Path file = folder.resolve("gate/members").resolve(name);
    Files.writeString(file, text);
    own(file);
  }

  /** How it is reached. */
  public SshAccess access() throws IOException {
    return new SshAccess(
        "127.0.0.1",
        port,
        user(),
        identity(),
        new PinnedKeys.Given(HostKeys.of(List.of(knownHost()), "127.0.0.1", port)));
  }

  /** Starts it, and returns when it answers. */
  public void start() throws IOException {
    List<String> line = new ArrayList<>();
    if (owner.isPresent()) {
      line.addAll(
          List.of(
              "/usr/bin/setpriv",
              "--reuid=" + owner.get().uid(),
              "--regid=" + owner.get().gid(),
              "--clear-groups",
              "--"));
    }
    line.addAll(List.of(SERVER.toString(), "-D", "-e", "-f", folder.resolve("config").toString()));
    Path log = folder.resolve("log");
    process =
        registry.start(
            new ProcessBuilder(line)
                .directory(Path.of("/").toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .redirectInput(Path.of("/dev/null").toFile()));
    long patience = System.nanoTime() + PATIENCE.toNanos();
    while (!answers()) {
      if (!process.isAlive() || System.nanoTime() > patience) {
        throw new IOException("sshd does not come up: " + Files.readString(log).strip());
      }
      LockSupport.parkNanos(LOOK.toNanos());
    }
  }

  private boolean answers() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
      return true;
    } catch (IOException e) {
      // Not yet.
      return false;
    }
  }

  /** Kills it and all its sessions; what they have started goes on. */
  public void stop() throws IOException {
    for (ProcessId each : processes()) {
      Signal.KILL.send(each);
    }
    process = null;
  }

  /** Stops it and all its sessions with SIGSTOP. */
  public void freeze() throws IOException {
    for (ProcessId each : processes()) {
      Signal.STOP.send(each);
    }
  }

  /** Lets them go on. */
  public void thaw() throws IOException {
    for (ProcessId each : processes().reversed()) {
      Signal.CONTINUE.send(each);
    }
  }

  private List<ProcessId> processes() throws IOException {
    Process running = process;
    if (running == null) {
      return List.of();
    }
    ProcessTable table = new ProcessTable();
    List<ProcessId> found = new ArrayList<>();
    Deque<Long> parents = new ArrayDeque<>(List.of(running.pid()));
    table.find(running.pid()).ifPresent(entry -> found.add(entry.id()));
    List<ProcessTable.Entry> all = table.entries();
    while (!parents.isEmpty()) {
      long parent = parents.pop();
      for (ProcessTable.Entry each : all) {
        if (each.parent() == parent && serves(table, each.id())) {
          found.add(each.id());
          parents.add(each.id().pid());
        }
      }
    }
    return found;
  }

  private static boolean serves(ProcessTable table, ProcessId id) throws IOException {
    try {
      return table.runs(id, "sshd");
    } catch (NoSuchFileException e) {
      // It is just ending, and has no program any more.
      return false;
    }
  }
}
