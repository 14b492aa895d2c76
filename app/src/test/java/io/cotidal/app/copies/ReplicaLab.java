package io.cotidal.app.copies;

import io.cotidal.app.DaemonProcess;
import io.cotidal.app.Main;
import io.cotidal.app.config.Configuration;
import io.cotidal.app.config.Loaded;
import io.cotidal.app.kinds.Kinds;
import io.cotidal.lab.ClusterSettings;
import io.cotidal.lab.DemoCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** A cluster of three PostgreSQL 15 members beside a volume for copies, run by one daemon. */
final class ReplicaLab implements AutoCloseable {
  static final Path BIN = Path.of("/usr/lib/postgresql/15/bin");
  static final String DATABASE = "shop";

  final CopiesLab copies;
  final DemoCluster cluster;
  private final Path data;
  private String archive = "";

  private ReplicaLab(CopiesLab copies, DemoCluster cluster, Path data) {
    this.copies = copies;
    this.cluster = cluster;
    this.data = data;
  }

  /**
   * Nothing runs yet.
   *
   * @param shared whether the members lie on the volume of the copies
   */
  static ReplicaLab open(boolean shared) throws IOException, InterruptedException {
    CopiesLab copies = CopiesLab.open();
    DemoCluster cluster = DemoCluster.in(copies.registry, BIN);
    Path data = shared ? copies.volume.folder().resolve("members") : cluster.folder();
    Files.createDirectories(data);
    cluster.configure(ClusterSettings.listening(copies.port));
    return new ReplicaLab(copies, cluster, data);
  }

  /** From now on the cluster's configuration has these repositories. */
  void archiveInto(Path first, Path second) {
    archive = "    archive: {folder: \"%s\", second: {folder: \"%s\"}}\n".formatted(first, second);
  }

  /** Where a member's data lies. */
  Path data(String member) {
    return data.resolve(member);
  }

  /** A daemon of its own process, with the configuration that was made last. */
  Process launch() throws IOException {
    List<String> command = DaemonProcess.java(List.of());
    command.addAll(
        List.of(Main.class.getName(), "serve", "--config", cluster.configuration().toString()));
    return copies.registry.start(
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(
                ProcessBuilder.Redirect.appendTo(copies.folder.resolve("daemon.log").toFile())));
  }

  /** The configuration, with these templates below {@code copies}. */
  Configuration configure(String templates) throws IOException {
    cluster.configure(ClusterSettings.listening(copies.port));
    String text = Files.readString(cluster.configuration());
    for (String member : new String[] {"a", "b", "c"}) {
      text = text.replace("\"" + cluster.data(member) + "\"", "\"" + data(member) + "\"");
    }
    text = text.replace("    settings:\n", archive + "    settings:\n");
    Files.writeString(cluster.configuration(), text + templates);
    Loaded loaded =
        Kinds.reader(Map.of(), Map.of(), cluster.folder()).read(cluster.configuration());
    if (loaded instanceof Loaded.Valid valid) {
      return valid.configuration();
    }
    throw new IllegalStateException(loaded.toString());
  }

  /** One template of the cluster, as YAML. */
  String template(String name, String more) {
    return template(name, "from: postgres/orders", more);
  }

  /**
   * One template of a cluster's data, as YAML.
   *
   * @param from where that is
   */
  String template(String name, String from, String more) {
    return """
      %s:
        mode: manage
        engine: postgres
        version: "15"
        %s
        database: %s
        volume: %s
        reserve: 64MiB
        memory: 16
        first-port: 14000
        last-port: 16900
    %s
    """
        .formatted(name, from, DATABASE, copies.volume.folder(), more.indent(4).stripTrailing())
        .indent(2);
  }

  /** A superuser's session with a member. */
  Connection session(String member, String database) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:"
            + cluster.member(member).port()
            + "/"
            + database
            + "?connectTimeout=5&socketTimeout=20&user="
            + cluster.login().user()
            + "&password="
            + cluster.login().password().reveal());
  }

  String ask(String member, String database, String sql) throws SQLException {
    try (Connection session = session(member, database)) {
      return Jdbc.query(session, sql);
    }
  }

  void run(String member, String database, String... statements) throws SQLException {
    try (Connection session = session(member, database);
        var statement = session.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  @Override
  public void close() throws IOException {
    copies.close();
  }
}
