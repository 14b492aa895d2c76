package io.cotidal.lab;

import io.cotidal.remote.ProcessId;
import io.cotidal.remote.ProcessTable;
import io.cotidal.remote.Signal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A real 389 Directory Server on loopback, ready in about a second: as an account without rights,
 * in a folder of the lab, with one suffix and, at first, at most the suffix entry in it.
 */
public final class DirectoryServer {
  /** As whom everything may be done. */
  public static final String ADMINISTRATOR = "cn=Directory Manager";

  private static final Path SERVER = Path.of("/usr/sbin/ns-slapd");
  private static final Path ADD = Path.of("/usr/bin/ldapadd");
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final ServerRegistry registry;
  private final Settings settings;
  private final DirectoryFiles files;
  private final String user;
  private final int port;
  private final int securePort;
  private ProcessId process = new ProcessId(0, 0);

  /**
   * What it is to be.
   *
   * @param suffix a DN that needs no quoting
   * @param password the administrator's
   * @param entry whether the suffix entry is there
   * @param authority signs its certificate; without one it has no TLS
   * @param ahead by how much its clock is
   */
  public record Settings(
      String suffix,
      String password,
      boolean entry,
      Optional<DirectoryAuthority> authority,
      Duration ahead) {
    /** With the suffix entry and without TLS. */
    public static Settings plain(String suffix) {
      return new Settings(suffix, "secret-of-the-lab", true, Optional.empty(), Duration.ZERO);
    }

    /** With TLS. */
    public Settings with(DirectoryAuthority signing) {
      return new Settings(suffix, password, entry, Optional.of(signing), ahead);
    }

    /** With another clock than this machine's. */
    public Settings ahead(Duration difference) {
      return new Settings(suffix, password, entry, authority, difference);
    }

    boolean tls() {
      return authority.isPresent();
    }
  }

  private DirectoryServer(
      ServerRegistry registry, Settings settings, Path folder, int port, int securePort)
      throws IOException {
    this.registry = registry;
    this.settings = settings;
    this.files = new DirectoryFiles(folder, folder.getFileName().toString());
    this.user = ServerUser.choose();
    this.port = port;
    this.securePort = securePort;
  }

  /** Why none can be run here, with the remedy; empty if one can. */
  public static Optional<String> missing() {
    return Files.isExecutable(SERVER) && Files.isExecutable(ADD)
        ? Optional.empty()
        : Optional.of("389 DS is not installed: apt-get install 389-ds-base ldap-utils");
  }

  /** Why none can have a clock of its own here, with the remedy; empty if one can. */
  public static Optional<String> otherClock() {
    return OtherClock.missing();
  }

  /** Makes one and starts it. */
  public static DirectoryServer start(ServerRegistry registry, Settings settings)
      throws IOException {
    DirectoryServer server = prepared(registry, settings, registry.folder("ds"));
    server.start();
    if (settings.entry()) {
      server.add(suffixEntry(settings.suffix()));
    }
    return server;
  }

  private static DirectoryServer prepared(ServerRegistry registry, Settings settings, Path folder)
      throws IOException {
    Optional<String> missing = missing();
    if (missing.isPresent()) {
      throw new IOException(missing.get());
    }
    DirectoryServer server =
        new DirectoryServer(registry, settings, folder, registry.port(), registry.port());
    server.write();
    return server;
  }

  private void write() throws IOException {
    files.write(
        settings, port, securePort, user.isEmpty() ? System.getProperty("user.name") : user);
    if (settings.authority().isPresent()) {
      settings.authority().get().equip(files.config());
    }
  }

  /**
   * A new server in the place of this dead one: the same address, and nothing that it had, but the
   * suffix entry if it had one at first.
   */
  public void replace() throws IOException {
    try (Stream<Path> all = Files.list(files.folder())) {
      for (Path each : all.toList()) {
        if (!each.getFileName().toString().equals(OwnerFile.MARKER)) {
          Folders.delete(each);
        }
      }
    }
    write();
    start();
    if (settings.entry()) {
      add(suffixEntry(settings.suffix()));
    }
  }

  /**
   * A server made by copying this stopped one's folder, as people do: its identity is copied too.
   */
  public DirectoryServer copy() throws IOException {
    Path folder = registry.folder("ds");
    DirectoryServer copy =
        new DirectoryServer(registry, settings, folder, registry.port(), registry.port());
    Path home = files.folder();
    try (Stream<Path> all = Files.walk(home)) {
      for (Path from : all.sorted().toList()) {
        Path to = folder.resolve(renamed(home.relativize(from).toString(), copy));
        if (Files.isDirectory(from)) {
          Files.createDirectories(to);
        } else if (Files.isRegularFile(from)
            && !from.getFileName().toString().startsWith("__db.")
            && !from.getFileName().toString().equals("guardian")) {
          Files.copy(from, to, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
    Path dse = copy.files.config().resolve("dse.ldif");
    Files.writeString(
        dse,
        Files.readString(dse)
            .replace(files.config().toString(), copy.files.config().toString())
            .replace(home.toString(), folder.toString())
            .replace("nsslapd-port: " + port, "nsslapd-port: " + copy.port)
            .replaceAll(
                "(?i)nsslapd-secureport: " + securePort, "nsslapd-securePort: " + copy.securePort));
    return copy;
  }

  private String renamed(String path, DirectoryServer copy) {
    String mine = files.config().getFileName().toString();
    return path.startsWith(mine)
        ? copy.files.config().getFileName() + path.substring(mine.length())
        : path;
  }

  /** Where it listens, on 127.0.0.1. */
  public int port() {
    return port;
  }

  /** Where it listens for TLS, if it has it. */
  public int securePort() {
    return securePort;
  }

  /** Its suffix and password. */
  public Settings settings() {
    return settings;
  }

  /** Starts it, after {@link #stop} or {@link #kill} too, and waits until it listens. */
  public void start() throws IOException {
    own();
    Files.deleteIfExists(files.pid());
    List<String> line = new ArrayList<>();
    if (!user.isEmpty()) {
      line.addAll(
          List.of(
              "setpriv",
              "--reuid=" + user,
              "--regid=" + (user.equals("nobody") ? "nogroup" : user),
              "--clear-groups"));
    }
    if (!settings.ahead().isZero()) {
      line.addAll(OtherClock.command(settings.ahead()));
    }
    line.addAll(
        List.of(SERVER.toString(), "-D", files.config().toString(), "-i", files.pid().toString()));
    // The program that starts it ends as soon as the server runs by itself.
    Commands.run(line);
    until("has a process", () -> Files.exists(files.pid()) && !pidText().isEmpty());
    long pid = Long.parseLong(pidText());
    registry.record(pid);
    Optional<ProcessTable.Entry> entry = new ProcessTable().find(pid);
    if (entry.isEmpty()) {
      throw new IOException("the directory server ended at once: " + lastError());
    }
    process = entry.get().id();
    until("answers", this::listens);
  }

  private String pidText() throws IOException {
    return Files.readString(files.pid()).strip();
  }

  private void own() throws IOException {
    if (!user.isEmpty()) {
      Commands.run(List.of("chown", "-R", user, files.folder().toString()));
    }
  }

  /** Ends it in order and waits for its process. */
  public void stop() throws IOException {
    Signal.CONTINUE.send(process);
    Signal.TERMINATE.send(process);
    until("has ended", this::reaped);
  }

  /** Kills it. */
  public void kill() throws IOException {
    Signal.KILL.send(process);
    until("is killed", this::reaped);
  }

  /** The next one takes a dead process that nobody has reaped for a living server. */
  private boolean reaped() {
    return !Files.exists(Path.of("/proc", Long.toString(process.pid())));
  }

  /** Stops it with SIGSTOP: it takes connections and answers nothing. */
  public void freeze() throws IOException {
    Signal.STOP.send(process);
  }

  /** Lets it go on. */
  public void thaw() throws IOException {
    Signal.CONTINUE.send(process);
  }

  /** Adds entries as its administrator. */
  public void add(String ldif) throws IOException {
    Path file = Files.createTempFile("cotidal-lab", ".ldif");
    try {
      Files.writeString(file, ldif);
      Commands.run(
          List.of(
              ADD.toString(),
              "-x",
              "-H",
              "ldap://127.0.0.1:" + port,
              "-D",
              ADMINISTRATOR,
              "-w",
              settings.password(),
              "-f",
              file.toString()));
    } finally {
      Files.delete(file);
    }
  }

  /** How often a text stands in its error log. */
  public long errors(String text) throws IOException {
    return count(files.errors(), text);
  }

  /** The end of its error log. */
  public String lastErrors(int lines) throws IOException {
    List<String> all = Files.readAllLines(files.errors(), StandardCharsets.ISO_8859_1);
    return String.join("\n", all.subList(Math.max(0, all.size() - lines), all.size()));
  }

  /** How often a text stands in its access log, of which the server keeps the end in memory. */
  public long accesses(String text) throws IOException {
    return count(files.access(), text);
  }

  private static long count(Path file, String text) throws IOException {
    try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
      return lines.filter(line -> line.contains(text)).count();
    }
  }

  static String suffixEntry(String suffix) {
    String first =
        suffix.substring(0, suffix.indexOf(',') < 0 ? suffix.length() : suffix.indexOf(','));
    String type = first.substring(0, first.indexOf('=')).strip().toLowerCase(java.util.Locale.ROOT);
    String value = first.substring(first.indexOf('=') + 1).strip();
    String form =
        type.equals("o") ? "organization" : type.equals("ou") ? "organizationalUnit" : "domain";
    return "dn: "
        + suffix
        + "\nobjectClass: top\nobjectClass: "
        + form
        + "\n"
        + type
        + ": "
        + value
        + "\n";
  }

  private boolean listens() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private String lastError() throws IOException {
    List<String> lines = Files.readAllLines(files.errors(), StandardCharsets.ISO_8859_1);
    return lines.isEmpty() ? "its log is empty" : lines.getLast();
  }

  private interface Condition {
    boolean holds() throws IOException;
  }

  private void until(String what, Condition condition) throws IOException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() > end) {
        throw new IOException("no sign that the directory server " + what + ": " + lastError());
      }
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while waiting for a directory server", e);
      }
    }
  }
}
