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
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A real slapd of OpenLDAP on loopback, as an account without rights, in a folder of the lab: one
 * database for one suffix, and one root of that and of its configuration. No module but the
 * database's is loaded.
 */
public final class OpenLdapServer {
  /** As whom everything may be done, in the configuration too. */
  public static final String ADMINISTRATOR = "cn=admin,cn=config";

  /** The administrator's password. */
  public static final String PASSWORD = "secret-of-the-lab";

  private static final Path SERVER = Path.of("/usr/sbin/slapd");
  private static final Path LOAD = Path.of("/usr/sbin/slapadd");
  private static final Path ADD = Path.of("/usr/bin/ldapadd");
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final ServerRegistry registry;
  private final Settings settings;
  private final Path folder;
  private final String user;
  private final int port;
  private final int securePort;
  private @Nullable Process process;

  /**
   * What it is to be.
   *
   * @param suffix a DN that needs no quoting
   * @param entry whether the suffix entry is there
   * @param authority signs its certificate; without one it has no TLS
   */
  public record Settings(String suffix, boolean entry, Optional<DirectoryAuthority> authority) {
    /** Without TLS. */
    public static Settings plain(String suffix, boolean entry) {
      return new Settings(suffix, entry, Optional.empty());
    }

    /** With TLS. */
    public Settings with(DirectoryAuthority signing) {
      return new Settings(suffix, entry, Optional.of(signing));
    }
  }

  private OpenLdapServer(ServerRegistry registry, Settings settings) throws IOException {
    this.registry = registry;
    this.settings = settings;
    this.folder = registry.folder("slapd");
    this.user = ServerUser.choose();
    this.port = registry.port();
    this.securePort = registry.port();
  }

  /** Why none can be run here, with the remedy; empty if one can. */
  public static Optional<String> missing() {
    return Files.isExecutable(SERVER) && Files.isExecutable(LOAD) && Files.isExecutable(ADD)
        ? Optional.empty()
        : Optional.of("OpenLDAP's server is not installed: apt-get install slapd ldap-utils");
  }

  /** Makes one and starts it. */
  public static OpenLdapServer start(ServerRegistry registry, Settings settings)
      throws IOException {
    Optional<String> missing = missing();
    if (missing.isPresent()) {
      throw new IOException(missing.get());
    }
    OpenLdapServer server = new OpenLdapServer(registry, settings);
    server.make();
    server.start();
    if (settings.entry()) {
      server.add(DirectoryServer.suffixEntry(settings.suffix()));
    }
    return server;
  }

  private void make() throws IOException {
    Files.createDirectories(folder.resolve("conf"));
    Files.createDirectories(folder.resolve("data"));
    Path ldif = folder.resolve("config.ldif");
    Files.writeString(ldif, configuration());
    Commands.run(
        List.of(
            LOAD.toString(),
            "-n",
            "0",
            "-F",
            folder.resolve("conf").toString(),
            "-l",
            ldif.toString()));
  }

  private String configuration() throws IOException {
    return """
    dn: cn=config
    objectClass: olcGlobal
    cn: config
    olcLogLevel: none
    %1$s
    dn: cn=module{0},cn=config
    objectClass: olcModuleList
    cn: module{0}
    olcModulePath: /usr/lib/ldap
    olcModuleLoad: back_mdb

    dn: cn=schema,cn=config
    objectClass: olcSchemaConfig
    cn: schema

    include: file:///etc/ldap/schema/core.ldif

    include: file:///etc/ldap/schema/cosine.ldif

    include: file:///etc/ldap/schema/inetorgperson.ldif

    dn: olcDatabase={-1}frontend,cn=config
    objectClass: olcDatabaseConfig
    objectClass: olcFrontendConfig
    olcDatabase: {-1}frontend

    dn: olcDatabase={0}config,cn=config
    objectClass: olcDatabaseConfig
    olcDatabase: {0}config
    olcRootDN: %2$s
    olcRootPW: %3$s

    dn: olcDatabase={1}mdb,cn=config
    objectClass: olcDatabaseConfig
    objectClass: olcMdbConfig
    olcDatabase: {1}mdb
    olcSuffix: %4$s
    olcRootDN: %2$s
    olcDbDirectory: %5$s
    olcDbMaxSize: 67108864
    olcDbIndex: objectClass eq
    olcDbIndex: entryCSN,entryUUID eq
    """
        .formatted(
            tls(), ADMINISTRATOR, PASSWORD, settings.suffix(), folder.resolve("data").toString());
  }

  private String tls() throws IOException {
    if (settings.authority().isEmpty()) {
      return "";
    }
    DirectoryAuthority authority = settings.authority().get();
    Path own = authority.issue();
    for (String name : List.of("key", "crt")) {
      Files.copy(own.resolve(name), folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }
    Files.copy(authority.trusted(), folder.resolve("ca"), StandardCopyOption.REPLACE_EXISTING);
    return """
    olcTLSCACertificateFile: %1$s/ca
    olcTLSCertificateFile: %1$s/crt
    olcTLSCertificateKeyFile: %1$s/key
    """
        .formatted(folder);
  }

  /** Where it listens, on 127.0.0.1. */
  public int port() {
    return port;
  }

  /** Where it listens for TLS, if it has it. */
  public int securePort() {
    return securePort;
  }

  /** Starts it, after {@link #stop} or {@link #kill} too, and waits until it listens. */
  public void start() throws IOException {
    List<String> line = new ArrayList<>();
    if (!user.isEmpty()) {
      Commands.run(List.of("chown", "-R", user, folder.toString()));
      line.addAll(
          List.of(
              "setpriv",
              "--reuid=" + user,
              "--regid=" + (user.equals("nobody") ? "nogroup" : user),
              "--clear-groups"));
    }
    String addresses = "ldap://127.0.0.1:" + port;
    if (settings.authority().isPresent()) {
      addresses += " ldaps://127.0.0.1:" + securePort;
    }
    line.addAll(
        List.of(
            SERVER.toString(),
            "-d",
            "0",
            "-F",
            folder.resolve("conf").toString(),
            "-h",
            addresses));
    process =
        registry.start(
            new ProcessBuilder(line)
                .directory(Path.of("/").toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                .redirectInput(Path.of("/dev/null").toFile()));
    listening();
  }

  private Path log() {
    return folder.resolve("log");
  }

  private Process running() throws IOException {
    Process running = process;
    if (running == null) {
      throw new IOException("slapd was never started");
    }
    return running;
  }

  private ProcessId id() throws IOException {
    Optional<ProcessTable.Entry> entry = new ProcessTable().find(running().pid());
    if (entry.isEmpty()) {
      throw new IOException("slapd has ended: " + said());
    }
    return entry.get().id();
  }

  /** Ends it in order and waits for its process. */
  public void stop() throws IOException {
    ended(Signal.TERMINATE);
  }

  /** Kills it. */
  public void kill() throws IOException {
    ended(Signal.KILL);
  }

  /** Takes the stopped server's entries away, as a lost disk does; its configuration stays. */
  public void wipe() throws IOException {
    for (String name : List.of("data.mdb", "lock.mdb")) {
      Files.deleteIfExists(folder.resolve("data").resolve(name));
    }
  }

  private void ended(Signal signal) throws IOException {
    signal.send(id());
    try {
      if (!running().waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException("slapd does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while slapd ended", e);
    }
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
              PASSWORD,
              "-f",
              file.toString()));
    } finally {
      Files.delete(file);
    }
  }

  private void listening() throws IOException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!answers()) {
      if (!running().isAlive()) {
        throw new IOException("slapd ended at once: " + said());
      }
      if (System.nanoTime() > end) {
        throw new IOException("no sign that slapd listens: " + said());
      }
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while waiting for slapd", e);
      }
    }
  }

  private boolean answers() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private String said() throws IOException {
    List<String> lines = Files.readAllLines(log(), StandardCharsets.ISO_8859_1);
    return lines.isEmpty() ? "it said nothing" : String.join(" ", lines);
  }
}
