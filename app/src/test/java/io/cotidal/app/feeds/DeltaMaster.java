package io.cotidal.app.feeds;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.app.FeedPack;
import io.cotidal.cli.terminal.Terminal;
import io.cotidal.lab.FeedMaster;
import io.cotidal.lab.PostgisServer;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A master that packs the table of parcels with {@code cot feed pack} whenever it publishes it. */
final class DeltaMaster {
  private final FeedsLab lab;
  private Path dump = Path.of("");

  DeltaMaster(FeedsLab lab) {
    this.lab = lab;
  }

  void change(String sql) throws Exception {
    lab.postgis.execute(FeedMaster.DATABASE, sql);
  }

  /** Dumps the table, writes its job, and packs it into the job. */
  String publish() throws Exception {
    dump = lab.master.dump("sites", "parcels");
    lab.master.publish("sites", "parcels", dump, Map.of());
    String said = pack();
    assertThat(pack()).as("a second time").contains("was packed already");
    return said;
  }

  /** Nobody can fetch the dump any more. */
  void loseDump() throws Exception {
    Files.delete(dump);
  }

  /** The newest delta is of no use, although it is what the job says. */
  void breakDelta() throws Exception {
    try (Stream<Path> files = Files.list(lab.master.files())) {
      String end = FeedMaster.md5(dump) + ".delta";
      Path delta = files.filter(each -> each.toString().endsWith(end)).findFirst().orElseThrow();
      String before = FeedMaster.md5(delta);
      Files.writeString(delta, "no delta");
      Files.setPosixFilePermissions(delta, PosixFilePermissions.fromString("rw-r--r--"));
      Files.writeString(job(), Files.readString(job()).replace(before, FeedMaster.md5(delta)));
    }
  }

  Path job() {
    return lab.master
        .repository()
        .folder()
        .resolve(FeedMaster.CHANNEL)
        .resolve("layers/sites.parcels.json");
  }

  private String pack() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream both = new PrintStream(out, true, StandardCharsets.UTF_8);
    Map<String, String> environment =
        Map.of(
            "PGHOST",
            "127.0.0.1",
            "PGPORT",
            String.valueOf(lab.postgis.port()),
            "PGDATABASE",
            FeedMaster.DATABASE,
            "PGUSER",
            PostgisServer.ADMINISTRATOR);
    int exit =
        new FeedPack(environment)
            .run(
                List.of(
                    "sites_data.parcels",
                    "--dump",
                    dump.toString(),
                    "--state",
                    lab.folder.resolve("packed").toString(),
                    "--into",
                    lab.master.files().toString(),
                    "--job",
                    job().toString(),
                    "--password-file",
                    lab.folder.resolve("password").toString()),
                new Terminal(
                    InputStream.nullInputStream(), both, both, false, false, false, () -> 0));
    String said = out.toString(StandardCharsets.UTF_8);
    assertThat(exit).as(said).isZero();
    return said;
  }

  /** What the table holds at the master. */
  String content() throws Exception {
    return content(FeedMaster.DATABASE, "sites_data.parcels");
  }

  /** What readers of the replica see. */
  String published() throws Exception {
    return content(FeedsLab.DATABASE, "sites.parcels");
  }

  private String content(String database, String table) throws Exception {
    try (Connection connection = lab.postgis.connect(database);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(Reading.content(table))) {
      rows.next();
      return rows.getString(1);
    }
  }
}
