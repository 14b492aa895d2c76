package io.cotidal.copies.database;

import java.nio.file.Path;
import java.util.Map;

/**
 * The ways to a MariaDB copy, in the words of its users' tools. Where a tool reads a shell's
 * language, as {@code cli} and {@code env} do, every value is one quoted word.
 *
 * @param certificate the server's; users trust it alone
 */
record MariaDbStrings(String host, int port, User user, Path certificate) {
  /** Under what name a Go program registers the certificate. */
  private static final String GO_TLS = "cotidal";

  Map<String, String> all() {
    return Map.ofEntries(
        Map.entry("url", url("mariadb", "?sslmode=verify-ca&sslrootcert=" + file())),
        Map.entry("jdbc", jdbc()),
        Map.entry("r2dbc", url("r2dbc:mariadb", "?sslMode=VERIFY_CA&serverSslCert=" + file())),
        Map.entry("sqlalchemy", url("mysql+pymysql", "?charset=utf8mb4&ssl_ca=" + file())),
        Map.entry("cli", cli()),
        Map.entry("env", env()),
        Map.entry("dsn", odbc()),
        Map.entry("odbc", odbc()),
        Map.entry("pdo", pdo()),
        Map.entry("go", go()),
        Map.entry("go-tls", goTls()),
        Map.entry("node", node()));
  }

  private String file() {
    return Escapes.percent(certificate.toString());
  }

  private String url(String scheme, String more) {
    return scheme
        + "://"
        + Escapes.percent(user.name())
        + ":"
        + Escapes.percent(user.password().reveal())
        + "@"
        + Escapes.host(host)
        + ":"
        + port
        + "/"
        + Escapes.percent(user.database())
        + more;
  }

  /**
   * The driver takes everything as it stands and has no way to write an ampersand; a password with
   * one is left out, to be given beside the address.
   */
  private String jdbc() {
    String password = user.password().reveal();
    return "jdbc:mariadb://"
        + Escapes.host(host)
        + ":"
        + port
        + "/"
        + user.database()
        + "?user="
        + user.name()
        + (password.indexOf('&') < 0 ? "&password=" + password : "")
        + "&sslMode=verify-ca&serverSslCert="
        + certificate;
  }

  /** The password goes through the environment: an argument would be seen by every user. */
  private String cli() {
    return "MYSQL_PWD="
        + Escapes.shell(user.password().reveal())
        + " mariadb --protocol=tcp --host="
        + Escapes.shell(host)
        + " --port="
        + port
        + " --user="
        + Escapes.shell(user.name())
        + " --ssl-ca="
        + Escapes.shell(certificate.toString())
        + " "
        + Escapes.shell(user.database());
  }

  private String env() {
    return String.join(
        "\n",
        "DB_CONNECTION=mysql",
        "DB_HOST=" + Escapes.shell(host),
        "DB_PORT=" + port,
        "DB_DATABASE=" + Escapes.shell(user.database()),
        "DB_USERNAME=" + Escapes.shell(user.name()),
        "DB_PASSWORD=" + Escapes.shell(user.password().reveal()),
        "MYSQL_ATTR_SSL_CA=" + Escapes.shell(certificate.toString()));
  }

  private String odbc() {
    return "Driver={MariaDB};Server="
        + Escapes.odbc(host)
        + ";Port="
        + port
        + ";Database="
        + Escapes.odbc(user.database())
        + ";Uid="
        + Escapes.odbc(user.name())
        + ";Pwd="
        + Escapes.odbc(user.password().reveal())
        + ";SslCa="
        + Escapes.odbc(certificate.toString());
  }

  private String pdo() {
    return "new PDO("
        + Escapes.php("mysql:host=" + host + ";port=" + port + ";dbname=" + user.database())
        + ", "
        + Escapes.php(user.name())
        + ", "
        + Escapes.php(user.password().reveal())
        + ", [PDO::MYSQL_ATTR_SSL_CA => "
        + Escapes.php(certificate.toString())
        + "])";
  }

  /** The driver takes the password as it is: it looks for the last {@code @} before the slash. */
  private String go() {
    return user.name()
        + ":"
        + user.password().reveal()
        + "@tcp("
        + Escapes.host(host)
        + ":"
        + port
        + ")/"
        + Escapes.percent(user.database())
        + "?tls="
        + GO_TLS;
  }

  /**
   * The driver takes no certificate in its address: a program registers it once, under the name
   * that the address has, and is refused otherwise. With packages os, crypto/x509, crypto/tls and
   * go-sql-driver/mysql.
   */
  private String goTls() {
    return "pem, err := os.ReadFile("
        + Escapes.json(certificate.toString())
        + "); pool := x509.NewCertPool(); if err != nil || !pool.AppendCertsFromPEM(pem) {"
        + " panic(\"no certificate of the copy\") };"
        + " if err := mysql.RegisterTLSConfig("
        + Escapes.json(GO_TLS)
        + ", &tls.Config{RootCAs: pool}); err != nil { panic(err) }";
  }

  private String node() {
    return "{host: "
        + Escapes.json(host)
        + ", port: "
        + port
        + ", user: "
        + Escapes.json(user.name())
        + ", password: "
        + Escapes.json(user.password().reveal())
        + ", database: "
        + Escapes.json(user.database())
        + ", ssl: {ca: require(\"fs\").readFileSync("
        + Escapes.json(certificate.toString())
        + ")}}";
  }
}
