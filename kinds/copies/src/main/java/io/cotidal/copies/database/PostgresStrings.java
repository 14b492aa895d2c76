package io.cotidal.copies.database;

import io.cotidal.pgclient.Conninfo;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The ways to a PostgreSQL copy, in the words of its users' tools. Where a tool reads a shell's
 * language, as {@code cli} and {@code env} do, every value is one quoted word.
 *
 * @param certificate the server's; users trust it alone
 */
record PostgresStrings(String host, int port, User user, Path certificate) {
  private static final String TRUST = "?sslmode=verify-ca&sslrootcert=";

  Map<String, String> all() {
    return Map.ofEntries(
        Map.entry("url", url("postgresql", TRUST + file())),
        Map.entry("jdbc", jdbc()),
        Map.entry("r2dbc", url("r2dbc:postgresql", "?sslMode=VERIFY_CA&sslRootCert=" + file())),
        Map.entry("sqlalchemy", url("postgresql+psycopg", TRUST + file())),
        Map.entry("cli", cli()),
        Map.entry("env", env()),
        Map.entry("dsn", dsn()),
        Map.entry("odbc", odbc()),
        Map.entry("pdo", pdo()),
        Map.entry("go", url("postgres", TRUST + file())),
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

  private String jdbc() {
    return "jdbc:postgresql://"
        + Escapes.host(host)
        + ":"
        + port
        + "/"
        + Escapes.percent(user.database())
        + "?user="
        + Escapes.percent(user.name())
        + "&password="
        + Escapes.percent(user.password().reveal())
        + "&sslmode=verify-ca&sslrootcert="
        + file();
  }

  private LinkedHashMap<String, String> parameters() {
    LinkedHashMap<String, String> parameters = new LinkedHashMap<>();
    parameters.put("host", host);
    parameters.put("port", Integer.toString(port));
    parameters.put("dbname", user.database());
    parameters.put("user", user.name());
    parameters.put("sslmode", "verify-ca");
    parameters.put("sslrootcert", certificate.toString());
    return parameters;
  }

  private String dsn() {
    LinkedHashMap<String, String> parameters = parameters();
    parameters.put("password", user.password().reveal());
    return Conninfo.format(parameters);
  }

  /** The password goes through the environment: an argument would be seen by every user. */
  private String cli() {
    return "PGPASSWORD="
        + Escapes.shell(user.password().reveal())
        + " psql "
        + Escapes.shell(Conninfo.format(parameters()));
  }

  private String env() {
    return String.join(
        "\n",
        "DB_CONNECTION=pgsql",
        "DB_HOST=" + Escapes.shell(host),
        "DB_PORT=" + port,
        "DB_DATABASE=" + Escapes.shell(user.database()),
        "DB_USERNAME=" + Escapes.shell(user.name()),
        "DB_PASSWORD=" + Escapes.shell(user.password().reveal()),
        "DATABASE_URL=" + Escapes.shell(url("postgresql", TRUST + file())),
        "PGSSLMODE=verify-ca",
        "PGSSLROOTCERT=" + Escapes.shell(certificate.toString()));
  }

  private String odbc() {
    return "Driver={PostgreSQL Unicode};Server="
        + Escapes.odbc(host)
        + ";Port="
        + port
        + ";Database="
        + Escapes.odbc(user.database())
        + ";Uid="
        + Escapes.odbc(user.name())
        + ";Pwd="
        + Escapes.odbc(user.password().reveal())
        + ";SSLmode=verify-ca";
  }

  private String pdo() {
    return "new PDO("
        + Escapes.php(
            "pgsql:host="
                + host
                + ";port="
                + port
                + ";dbname="
                + user.database()
                + ";sslmode=verify-ca;sslrootcert="
                + certificate)
        + ", "
        + Escapes.php(user.name())
        + ", "
        + Escapes.php(user.password().reveal())
        + ")";
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
