package io.cotidal.app.feeds;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.app.ResourceApi;
import io.cotidal.app.StartedDaemon;
import io.cotidal.app.copies.CommandLine;
import io.cotidal.lab.FaultProxy;
import io.cotidal.lab.LoopVolume;
import io.cotidal.lab.PostgisServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One daemon with one replica, whose master can be slow, whose GeoServer can be away, whose cache
 * has a small disk, and who tells a master on the other side of the earth. Tests share it: each has
 * workspaces of its own, waits for its own jobs, and leaves nothing broken.
 */
final class FeedsScene implements AutoCloseable {
  /** The master's database of reports. */
  static final String STATUS = "borg";

  /** A channel that replicas of one test listen to, and the replica as well. */
  static final String RELAYED = "relayed";

  private static final long DISK = 64L << 20;

  /** As the master's Django makes them. */
  private static final String TABLES =
      """
      CREATE TABLE monitor_slaveserver (
        id serial PRIMARY KEY, name varchar(64) NOT NULL, listen_channels varchar(255) NOT NULL,
        register_time timestamptz, last_poll_time timestamptz, last_sync_time timestamptz,
        last_sync_message text, code_version varchar(32));
      CREATE TABLE monitor_publishsyncstatus (
        id serial PRIMARY KEY, slave_server_id integer NOT NULL REFERENCES monitor_slaveserver,
        publish varchar(255) NOT NULL, spatial_type varchar(255), deploied_job_id integer,
        deploied_job_batch_id varchar(64), deploy_message text, deploy_time timestamptz,
        preview_file varchar(100), sync_job_id integer, sync_job_batch_id varchar(64),
        sync_message text, sync_time timestamptz, UNIQUE (slave_server_id, publish));
      CREATE TABLE monitor_tasksyncstatus (
        id serial PRIMARY KEY, slave_server_id integer NOT NULL REFERENCES monitor_slaveserver,
        task_type varchar(255) NOT NULL, task_name varchar(255) NOT NULL,
        action varchar(32) NOT NULL, preview_file varchar(100), sync_succeed boolean NOT NULL,
        sync_message text, sync_time timestamptz,
        UNIQUE (slave_server_id, task_type, task_name, action));
      """;

  final FeedsLab lab;
  final ReplicaDesk desk;

  /** Before the master's SSH server, as far as files are fetched. */
  final FaultProxy transfers;

  /** Before the GeoServer. */
  final FaultProxy geoserver;

  /** The folder of the cache; on a small disk, if one can be made here. */
  final Path cache;

  private final StartedDaemon daemon;
  private final CommandLine shell;

  /** Replicas that tests have besides, by name. */
  private final SortedMap<String, String> others = new TreeMap<>();

  private FeedsScene(FeedsLab lab) throws Exception {
    this.lab = lab;
    // Ports of the lab: one that is closed for a while is nobody else's.
    this.transfers = new FaultProxy(local(lab.registry.port()), local(lab.master.ssh().port()));
    this.geoserver = new FaultProxy(local(lab.registry.port()), local(lab.geoserver.port()));
    boolean root = LoopVolume.impossible().isEmpty();
    Path disk =
        root
            ? LoopVolume.make(lab.registry, LoopVolume.Type.EXT4, DISK).folder()
            : lab.registry.folder("disk");
    this.cache = disk.resolve("cache");
    Files.writeString(lab.master.knownHosts(), keys(lab.master.ssh().knownHost()));
    lab.postgis.createDatabase(STATUS, false);
    lab.postgis.execute(STATUS, TABLES);
    lab.postgis.execute(STATUS, "ALTER DATABASE borg SET timezone TO 'Australia/Perth'");
    this.daemon = new StartedDaemon(lab.configure(List.of(usual())), lab.rereading());
    this.desk = desk(FeedsLab.REPLICA);
    this.shell =
        new CommandLine(
            Map.of("COT_TOKEN", daemon.token(), "COT_SERVER", "http://127.0.0.1:" + lab.port));
  }

  static FeedsScene open() throws Exception {
    FeedsLab lab = FeedsLab.open();
    try {
      return new FeedsScene(lab);
    } catch (Exception e) {
      lab.close();
      throw e;
    }
  }

  private static InetSocketAddress local(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  /** The master's key under its own port, and another line under that of the proxy. */
  String keys(String proxied) throws IOException {
    String own = lab.master.ssh().knownHost();
    return own
        + "\n[127.0.0.1]:"
        + transfers.port()
        + proxied.substring(proxied.indexOf(' '))
        + "\n";
  }

  /** The replica that all tests share. */
  String usual() {
    return lab.replica(
        FeedsLab.REPLICA,
        Map.of(
            "channels",
            "kmi, " + RELAYED,
            "cache",
            cache.toString(),
            "port",
            Integer.toString(transfers.port()),
            "transfer",
            "serve: true",
            "geoserver",
            "http://127.0.0.1:" + geoserver.port() + "/geoserver",
            "more",
            """
            status:
              {replica: parks, host: 127.0.0.1, port: %d, database: borg, user: postgres,
               password: {secret: "file:%s"}}
            """
                .formatted(lab.postgis.port(), lab.folder.resolve("password"))));
  }

  /** Lets the daemon have a replica of that name besides; none any more if it is empty. */
  synchronized void besides(String name, String replica) throws Exception {
    others.put(name, replica);
    List<String> all = new ArrayList<>(List.of(usual()));
    all.addAll(others.values());
    lab.configure(all);
    CommandLine.Result applied = cot("apply");
    assertThat(applied.exit()).as("%s", applied).isZero();
  }

  /** A database like the replica's own, with nothing in it. */
  void database(String name) throws SQLException {
    lab.postgis.createDatabase(name, true);
  }

  ReplicaDesk desk(String replica) throws IOException {
    return new ReplicaDesk(lab, ResourceApi.of(lab.port, daemon.token(), "feeds/" + replica));
  }

  /** Runs {@code cot} with these words. */
  CommandLine.Result cot(String... words) {
    return shell.run(words);
  }

  /** What the master knows: the one value that a statement gives in its database of reports. */
  String told(String sql) throws SQLException {
    return lab.value(STATUS, sql);
  }

  /** How its report about a layer stands there. */
  String report(String column, String publish) throws SQLException {
    return told(
        "SELECT %s FROM monitor_publishsyncstatus WHERE publish = '%s'".formatted(column, publish));
  }

  @Override
  public void close() throws IOException {
    try {
      daemon.close();
      transfers.close();
      geoserver.close();
    } finally {
      lab.close();
    }
  }

  /** Where PostgreSQL's administrator lets nobody in, or lets them in again. */
  void reports(boolean open) throws SQLException {
    lab.postgis.execute(
        PostgisServer.ADMINISTRATOR, "ALTER DATABASE borg ALLOW_CONNECTIONS " + open);
    if (!open) {
      lab.postgis.execute(
          PostgisServer.ADMINISTRATOR,
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'borg'");
    }
  }
}
