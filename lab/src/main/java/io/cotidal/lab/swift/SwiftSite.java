package io.cotidal.lab.swift;

import io.cotidal.lab.OtherClock;
import io.cotidal.lab.ServerRegistry;
import io.cotidal.lab.ServerUser;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A real cluster of OpenStack Swift on loopback: five processes, one device, one replica, and a
 * proxy with all that the public interface can do. Sites that are started together share a realm
 * and nothing else. Each has its own {@code swift.conf}; {@code /etc/swift} is not read.
 */
public final class SwiftSite {
  private static final Path MODULES = Path.of("/usr/lib/python3/dist-packages/swift");
  private static final Path MEMORY = Path.of("/usr/bin/memcached");
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final SwiftOptions options;
  private final Map<SwiftService, Integer> ports;
  private final SwiftFiles files;
  private final LabProgram launcher;
  private final SwiftServers servers;
  private final List<SwiftSite> together;
  private SwiftRealm realm;

  private SwiftSite(
      ServerRegistry registry, SwiftRealm realm, SwiftOptions options, List<SwiftSite> together)
      throws IOException {
    this.options = options;
    this.realm = realm;
    this.together = together;
    this.ports = new EnumMap<>(SwiftService.class);
    for (SwiftService service : SwiftService.values()) {
      ports.put(service, registry.port());
    }
    String user = ServerUser.choose();
    Path folder = registry.folder("swift-" + options.name());
    Path devices =
        options.memory() ? MemoryPlace.folder(registry, "swift-" + options.name()) : folder;
    this.files =
        new SwiftFiles(
            folder,
            devices.resolve("devices"),
            options,
            ports,
            user.isEmpty() ? System.getProperty("user.name") : user);
    files.write(realm);
    this.launcher = launcher(registry, files);
    this.servers = new SwiftServers(registry, files, launcher);
  }

  /**
   * The process that all but one are forks of: one of them each would read Swift's modules anew, in
   * five times the time.
   */
  private static LabProgram launcher(ServerRegistry registry, SwiftFiles files) throws IOException {
    Duration ahead = files.options().ahead();
    List<String> words = new ArrayList<>();
    if (!ahead.isZero()) {
      words.addAll(OtherClock.command(ahead));
    }
    words.addAll(
        List.of(LabProgram.PYTHON.toString(), files.program().toString(), files.etc().toString()));
    String name = "the first process of the Swift site " + files.options().name();
    return LabProgram.start(registry, name, words, files.log("site"));
  }

  /** Why none can be run here, with the remedy; empty if one can. */
  public static Optional<String> missing() {
    return Files.isDirectory(MODULES)
            && Files.isExecutable(LabProgram.PYTHON)
            && Files.isExecutable(MEMORY)
        ? Optional.empty()
        : Optional.of("OpenStack Swift is not installed: apt-get install python3-swift memcached");
  }

  /** Why none can have a clock of its own here, with the remedy; empty if one can. */
  public static Optional<String> otherClock() {
    return OtherClock.missing();
  }

  /** Makes and starts sites of one realm, all at once; they end with the lab. */
  public static List<SwiftSite> start(
      ServerRegistry registry, SwiftRealm realm, SwiftOptions... options) throws IOException {
    Optional<String> missing = missing();
    if (missing.isPresent()) {
      throw new IOException(missing.get());
    }
    List<SwiftSite> sites = new ArrayList<>();
    for (SwiftOptions each : options) {
      sites.add(new SwiftSite(registry, realm, each, sites));
    }
    for (SwiftSite site : sites) {
      site.files.write(realm, sites);
      site.servers.launch();
    }
    Deadline deadline = Deadline.in(PATIENCE);
    for (SwiftSite site : sites) {
      site.servers.launched(deadline);
    }
    return List.copyOf(sites);
  }

  /** The name of its cluster. */
  public String name() {
    return options.name();
  }

  /** What it was made as. */
  public SwiftOptions options() {
    return options;
  }

  /** The realm that it knows. */
  public SwiftRealm realm() {
    return realm;
  }

  /**
   * Gives all sites that were started with this one another realm of the same name, while they run;
   * their proxies take it within a second.
   */
  public void change(SwiftRealm other) throws IOException {
    for (SwiftSite site : together) {
      site.realm = other;
      site.files.write(other, together);
    }
  }

  /** Where clients reach it, on 127.0.0.1. */
  public int port() {
    return port(SwiftService.PROXY);
  }

  /** Where one of its processes listens, on 127.0.0.1. */
  public int port(SwiftService service) {
    return ports.getOrDefault(service, 0);
  }

  /** Where clients reach it. */
  public InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port());
  }

  /** Where clients reach it, without a path. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + port());
  }

  /** A client of it. */
  public SwiftUser user(SwiftLogin login) {
    return new SwiftUser(address(), login);
  }

  /** The device's folder: accounts, containers, objects as they lie on the disk. */
  public Path device() {
    return files.devices().resolve(SwiftFiles.DEVICE);
  }

  /** Starts what does not run of it, and waits until all of it answers. */
  public void start() throws IOException {
    servers.launch();
    servers.launched(Deadline.in(PATIENCE));
  }

  /** Starts one of its processes, and waits until it answers. */
  public void start(SwiftService service) throws IOException {
    servers.launch(service);
    servers.launched(Deadline.in(PATIENCE));
  }

  /** Ends all of it in order. */
  public void stop() throws IOException {
    servers.stop(List.of(SwiftService.values()).reversed());
  }

  /** Kills all of it at once. */
  public void kill() throws IOException {
    servers.kill(List.of(SwiftService.values()));
  }

  /** Kills one of its processes. */
  public void kill(SwiftService service) throws IOException {
    servers.kill(List.of(service));
  }

  /** Stops one of its processes with SIGSTOP: it takes connections and answers nothing. */
  public void freeze(SwiftService service) throws IOException {
    servers.freeze(service);
  }

  /** Lets a frozen one go on. */
  public void thaw(SwiftService service) throws IOException {
    servers.thaw(service);
  }

  /** Runs one pass of a daemon to its end. */
  public void once(SwiftDaemon daemon) throws IOException {
    Path log = files.log(daemon.word());
    String code =
        launcher.ask(
            Deadline.in(PATIENCE),
            "once",
            daemon.word(),
            files.conf(daemon.file()).toString(),
            log.toString());
    if (!code.equals("0")) {
      throw new IOException(daemon.word() + " ended with " + code + "; see " + log);
    }
  }

  /**
   * Writes rows into the list of a container.
   *
   * @return how many the container has now
   */
  public long fill(SwiftRows rows) throws IOException {
    return Long.parseLong(
        launcher.ask(
            Deadline.in(PATIENCE),
            "fill",
            device().toString(),
            rows.account(),
            rows.container(),
            rows.prefix(),
            Integer.toString(rows.first()),
            Integer.toString(rows.count()),
            Double.toString(rows.start().toEpochMilli() / 1000.0),
            files.log("fill").toString()));
  }

  /** What a process has said so far; the proxy's has a line for each request. */
  public String said(SwiftService service) throws IOException {
    return said(files.log(service.word()));
  }

  /** What the passes of a daemon have said so far. */
  public String said(SwiftDaemon daemon) throws IOException {
    return said(files.log(daemon.word()));
  }

  /** All that its processes and daemons have said so far. */
  public String said() throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> logs = Files.list(files.log("site").getParent())) {
      for (Path log : logs.sorted().toList()) {
        all.append(said(log));
      }
    }
    return all.toString();
  }

  private static String said(Path log) throws IOException {
    return Files.exists(log) ? Files.readString(log, StandardCharsets.ISO_8859_1) : "";
  }
}
