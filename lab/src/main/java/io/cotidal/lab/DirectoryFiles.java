package io.cotidal.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The files of a 389 Directory Server that runs under a folder of its own, without the vendor's
 * installer: its template with the blanks filled in.
 */
final class DirectoryFiles {
  private static final Path TEMPLATE = Path.of("/usr/share/dirsrv/data/template-dse.ldif");
  private static final Path CONFIG = Path.of("/etc/dirsrv/config");
  private static final Path SCHEMA = Path.of("/etc/dirsrv/schema");

  /** Bytes of database cache: what the smallest server is happy with. */
  private static final int CACHE = 10_000_000;

  private final Path folder;
  private final String name;

  /**
   * Files below {@code folder}.
   *
   * @param name unique on the machine: the server names a semaphore after its folder
   */
  DirectoryFiles(Path folder, String name) {
    this.folder = folder;
    this.name = name;
  }

  /** What holds all of it. */
  Path folder() {
    return folder;
  }

  /** The folder that the server is given. */
  Path config() {
    return folder.resolve("slapd-" + name);
  }

  Path errors() {
    return folder.resolve("log/errors");
  }

  Path access() {
    return folder.resolve("log/access");
  }

  Path pid() {
    return folder.resolve("run/pid");
  }

  Path database() {
    return folder.resolve("db");
  }

  /**
   * Writes them all.
   *
   * @param user as whom the server runs
   */
  void write(DirectoryServer.Settings settings, int port, int securePort, String user)
      throws IOException {
    for (String each : List.of("db", "log", "run", "ldif", "bak", "lock", "tmp", "inst")) {
      Files.createDirectories(folder.resolve(each));
    }
    Files.createDirectories(config().resolve("schema"));
    for (String each : List.of("slapd-collations.conf", "certmap.conf")) {
      Files.copy(CONFIG.resolve(each), config().resolve(each));
    }
    Path own = SCHEMA.resolve("99user.ldif");
    if (Files.exists(own)) {
      Files.copy(own, config().resolve("schema/99user.ldif"));
    }
    String text = Files.readString(TEMPLATE);
    for (Map.Entry<String, String> blank : blanks(settings, port, user).entrySet()) {
      text = text.replace("%" + blank.getKey() + "%", blank.getValue());
    }
    text = confined(text, securePort, settings);
    Files.writeString(
        config().resolve("dse.ldif"), text.strip() + "\n\n" + backend(settings.suffix()));
  }

  private Map<String, String> blanks(DirectoryServer.Settings settings, int port, String user) {
    Map<String, String> blanks = new LinkedHashMap<>();
    blanks.put("schema_dir", config().resolve("schema").toString());
    blanks.put("cert_dir", config().toString());
    blanks.put("config_dir", config().toString());
    blanks.put("lock_dir", folder.resolve("lock").toString());
    blanks.put("tmp_dir", folder.resolve("tmp").toString());
    blanks.put("ldif_dir", folder.resolve("ldif").toString());
    blanks.put("bak_dir", folder.resolve("bak").toString());
    blanks.put("run_dir", folder.resolve("run").toString());
    blanks.put("inst_dir", folder.resolve("inst").toString());
    blanks.put("log_dir", folder.resolve("log").toString());
    blanks.put("db_dir", database().toString());
    blanks.put("db_home_dir", database().toString());
    blanks.put("db_lib", "bdb");
    blanks.put("fqdn", "localhost");
    blanks.put("ds_port", Integer.toString(port));
    blanks.put("ds_user", user);
    blanks.put("rootdn", DirectoryServer.ADMINISTRATOR);
    blanks.put("ds_passwd", hashed(settings.password()));
    blanks.put("ldapi_enabled", "off");
    blanks.put("ldapi_autobind", "off");
    blanks.put("ldapi", folder.resolve("run/ldapi").toString());
    blanks.put("ds_suffix", settings.suffix());
    return blanks;
  }

  /** On loopback alone, with small caches, and with TLS if there is a certificate. */
  private static String confined(String text, int securePort, DirectoryServer.Settings settings) {
    String more =
        "nsslapd-listenhost: 127.0.0.1\nnsslapd-securelistenhost: 127.0.0.1\n"
            + "nsslapd-maxdescriptors: 1024\n"
            + (settings.tls()
                ? "nsslapd-security: on\nnsslapd-securePort: " + securePort + "\n"
                : "");
    return text.replaceFirst("(?m)^(nsslapd-port: .*)$", "$1\n" + more.strip())
        .replaceFirst(
            "(?m)^nsslapd-dbcachesize: .*$",
            "nsslapd-dbcachesize: " + CACHE + "\nnsslapd-cache-autosize: 0");
  }

  /** With the suffix in quotes for the server, and without for the vendor's tools. */
  private static String backend(String suffix) {
    return """
    dn: cn=userroot,cn=ldbm database,cn=plugins,cn=config
    objectClass: top
    objectClass: extensibleObject
    objectClass: nsBackendInstance
    cn: userroot
    nsslapd-suffix: %1$s
    nsslapd-cachesize: -1
    nsslapd-cachememsize: %2$d

    dn: cn="%1$s",cn=mapping tree,cn=config
    objectClass: top
    objectClass: extensibleObject
    objectClass: nsMappingTree
    cn: "%1$s"
    cn: %1$s
    nsslapd-state: backend
    nsslapd-backend: userroot
    """
        .formatted(suffix, CACHE);
  }

  /** Salted SHA-512: the server's own scheme takes long on purpose, for every login of a test. */
  private static String hashed(String password) {
    byte[] salt = new byte[8];
    new SecureRandom().nextBytes(salt);
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-512");
      digest.update(password.getBytes(StandardCharsets.UTF_8));
      byte[] hash = digest.digest(salt);
      byte[] both = new byte[hash.length + salt.length];
      System.arraycopy(hash, 0, both, 0, hash.length);
      System.arraycopy(salt, 0, both, hash.length, salt.length);
      return "{SSHA512}" + Base64.getEncoder().encodeToString(both);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-512", e);
    }
  }
}
