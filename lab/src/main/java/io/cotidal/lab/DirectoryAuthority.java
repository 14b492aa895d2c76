package io.cotidal.lab;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Signs certificates for directory servers of the lab, good for the machine's own names. */
public final class DirectoryAuthority {
  private static final String DAYS = "2";

  private final Path folder;
  private final String names;
  private final String days;

  private DirectoryAuthority(Path folder, String names, String days) {
    this.folder = folder;
    this.names = names;
    this.days = days;
  }

  /**
   * The same authority, giving out other certificates.
   *
   * @param alternatives for whom, as OpenSSL writes them: {@code DNS:host,IP:address}
   * @param goodFor so many days; a negative number makes them expired
   */
  public DirectoryAuthority issuing(String alternatives, int goodFor) {
    return new DirectoryAuthority(folder, alternatives, Integer.toString(goodFor));
  }

  /** Makes one. */
  public static DirectoryAuthority make(ServerRegistry registry) throws IOException {
    DirectoryAuthority authority =
        new DirectoryAuthority(
            registry.folder("ca"), "DNS:" + String.join(",DNS:", names()) + ",IP:127.0.0.1", DAYS);
    authority.openssl(
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-subj",
        "/CN=lab authority",
        "-days",
        DAYS,
        "-addext",
        "keyUsage=critical,keyCertSign,cRLSign",
        "-keyout",
        authority.file("ca.key"),
        "-out",
        authority.file("ca.crt"));
    return authority;
  }

  /** Its certificate as PEM text. */
  public String certificate() throws IOException {
    return Files.readString(folder.resolve("ca.crt"));
  }

  /** The names for which its servers' certificates are good. */
  static List<String> names() throws IOException {
    return List.of("localhost", InetAddress.getLocalHost().getHostName());
  }

  /** Where its own certificate lies, as PEM text. */
  Path trusted() {
    return folder.resolve("ca.crt");
  }

  /** Makes a server's {@code key} and {@code crt}, as PEM text, in a folder of its own. */
  Path issue() throws IOException {
    Path own = Files.createTempDirectory(folder, "server");
    openssl(
        "req",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-subj",
        "/CN=localhost",
        "-keyout",
        own.resolve("key").toString(),
        "-out",
        own.resolve("request").toString());
    Files.writeString(own.resolve("names"), "subjectAltName=" + names + "\n");
    openssl(
        "x509",
        "-req",
        "-in",
        own.resolve("request").toString(),
        "-CA",
        file("ca.crt"),
        "-CAkey",
        file("ca.key"),
        "-CAcreateserial",
        "-days",
        days,
        "-extfile",
        own.resolve("names").toString(),
        "-out",
        own.resolve("crt").toString());
    return own;
  }

  /** Gives a 389 server that has not been started key, certificate and trust. */
  void equip(Path config) throws IOException {
    Path own = issue();
    openssl(
        "pkcs12",
        "-export",
        "-in",
        own.resolve("crt").toString(),
        "-inkey",
        own.resolve("key").toString(),
        "-name",
        "Server-Cert",
        "-passout",
        "pass:",
        "-out",
        own.resolve("p12").toString());
    Files.writeString(own.resolve("empty"), "\n");
    String database = "sql:" + config;
    Commands.run(List.of("certutil", "-N", "-d", database, "--empty-password"));
    Commands.run(
        List.of("pk12util", "-d", database, "-i", own.resolve("p12").toString(), "-W", ""));
    Commands.run(
        List.of("certutil", "-A", "-d", database, "-n", "CA", "-t", "CT,,", "-i", file("ca.crt")));
    Path dse = config.resolve("dse.ldif");
    Files.writeString(
        dse,
        Files.readString(dse)
            + """

            dn: cn=RSA,cn=encryption,cn=config
            objectClass: top
            objectClass: nsEncryptionModule
            cn: RSA
            nsSSLPersonalitySSL: Server-Cert
            nsSSLActivation: on
            nsSSLToken: internal (software)
            """);
  }

  private String file(String name) {
    return folder.resolve(name).toString();
  }

  private void openssl(String... arguments) throws IOException {
    List<String> line = new java.util.ArrayList<>(List.of("openssl"));
    line.addAll(List.of(arguments));
    Commands.run(line);
  }
}
