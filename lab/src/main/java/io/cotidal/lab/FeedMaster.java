package io.cotidal.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A master of published datasets: a state repository in Git and files, both behind a real SSH
 * server, and tables in a real PostGIS that its dumps are made of. Dumps and jobs may be made side
 * by side; a commit takes whatever is written by then.
 */
public final class FeedMaster {
  /** The one channel. */
  public static final String CHANNEL = "kmi";

  /** The database with the tables. */
  public static final String DATABASE = "master";

  private static final String STYLE =
      """
      <StyledLayerDescriptor version="1.0.0" xmlns="http://www.opengis.net/sld"><NamedLayer>\
      <Name>%s</Name><UserStyle><Title>%s</Title><FeatureTypeStyle><Rule><PolygonSymbolizer/></Rule>\
      </FeatureTypeStyle></UserStyle></NamedLayer></StyledLayerDescriptor>
      """;

  private final SshServer ssh;
  private final PostgisServer postgis;
  private final GitRepo repository;
  private final Path files;
  private final Path knownHosts;
  private final AtomicInteger number = new AtomicInteger();
  private final List<String> revisions = new CopyOnWriteArrayList<>();

  private FeedMaster(ServerRegistry registry, PostgisServer postgis) throws IOException {
    this.postgis = postgis;
    this.ssh = SshServer.start(registry);
    ssh.letIn("");
    this.files = ssh.makeFolder("download");
    this.repository = GitRepo.make(ssh.makeFolder("state"), ssh.account());
    this.knownHosts =
        Files.writeString(
            registry.folder("feed-master").resolve("known_hosts"), ssh.knownHost() + "\n");
  }

  /** Starts one whose tables lie in {@code postgis}, in a database of their own. */
  public static FeedMaster start(ServerRegistry registry, PostgisServer postgis)
      throws IOException, SQLException {
    postgis.createDatabase(DATABASE, true);
    return new FeedMaster(registry, postgis);
  }

  /** Its SSH server. */
  public SshServer ssh() {
    return ssh;
  }

  /** Its state repository. */
  public GitRepo repository() {
    return repository;
  }

  /** The address of its state repository. */
  public String url() {
    return repository.url(ssh);
  }

  /** The file with its pinned key. */
  public Path knownHosts() {
    return knownHosts;
  }

  /** The folder of its files. */
  public Path files() {
    return files;
  }

  /**
   * Makes a table of squares in {@code <workspace>_data}, or makes it anew.
   *
   * @param word written into every row
   */
  public void table(String workspace, String name, int rows, String word) throws SQLException {
    String schema = workspace + "_data";
    postgis.execute(
        DATABASE,
        """
        CREATE SCHEMA IF NOT EXISTS "%1$s";
        DROP TABLE IF EXISTS "%1$s"."%2$s";
        CREATE TABLE "%1$s"."%2$s" (
          id integer PRIMARY KEY, category text, wkb_geometry geometry(Polygon, 4326));
        INSERT INTO "%1$s"."%2$s" SELECT i, '%4$s',
          ST_SetSRID(ST_MakeEnvelope(i %% 100, i / 100 %% 80, i %% 100 + 0.5, i / 100 %% 80 + 0.5), 4326)
          FROM generate_series(1, %3$d) i;
        CREATE INDEX ON "%1$s"."%2$s" USING gist (wkb_geometry);
        """
            .formatted(schema, name, rows, word));
  }

  /** Dumps a table as the master does. */
  public Path dump(String workspace, String name) throws IOException {
    int own = number.incrementAndGet();
    Path made = Files.createTempFile("cotidal-feed", ".db");
    Files.delete(made);
    postgis.dump(DATABASE, "\"%s_data\".\"%s\"".formatted(workspace, name), made);
    Path file = files.resolve(workspace + "." + name + "." + own + ".db");
    Files.move(made, file);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    return file;
  }

  /** Writes a file that replicas may fetch. */
  public Path file(String name, String text) throws IOException {
    Path file = Files.writeString(files.resolve(name), text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    return file;
  }

  /** The pointer at a file, as jobs have it. */
  public String pointer(Path file) throws IOException {
    return "{\"file\": \"%s@127.0.0.1:%s\", \"md5\": \"%s\"}"
        .formatted(ssh.user(), file, md5(file));
  }

  /** The MD5 of a file, as jobs have it. */
  public static String md5(Path file) throws IOException {
    try {
      byte[] digest = MessageDigest.getInstance("MD5").digest(Files.readAllBytes(file));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has MD5", e);
    }
  }

  /**
   * Writes the job that publishes a table with its layer and two styles; the next commit has it.
   *
   * @param dump as {@link #dump} made it
   * @param more further metadata, as JSON by key; the job lies in the channel that they name, and
   *     says their {@code publish_time}
   */
  public void publish(String workspace, String name, Path dump, Map<String, String> more)
      throws IOException {
    int own = number.incrementAndGet();
    String stem = workspace + "." + name + "." + own;
    Path builtin = file(stem + ".sld", STYLE.formatted(name, name));
    Path outline = file(stem + ".outline.sld", STYLE.formatted(name + "-outline", "outline"));
    Map<String, String> fields = new TreeMap<>();
    fields.put("workspace", quoted(workspace));
    fields.put("name", quoted(name));
    fields.put("channel", quoted(CHANNEL));
    fields.put("auth_level", "0");
    fields.put("spatial_data", "true");
    fields.put("spatial_type", quoted("POLYGON"));
    fields.put("spatial_column", quoted("wkb_geometry"));
    fields.put("sync_postgres_data", "true");
    fields.put("sync_geoserver_data", "true");
    fields.put("title", quoted("Title of " + name));
    fields.put("abstract", quoted("Made by the lab"));
    fields.put("keywords", quoted("lab,test"));
    fields.put("crs", quoted("EPSG:4326"));
    fields.put("bbox", "[0, 0, 101, 81]");
    fields.put("default_style", quoted("builtin"));
    fields.put(
        "styles",
        "{\"builtin\": %s, \"outline\": %s}".formatted(pointer(builtin), pointer(outline)));
    fields.put("geoserver_setting", "{\"create_cache_layer\": true, \"client_cache_expire\": 300}");
    fields.putAll(more);
    Path meta = file(stem + ".meta.json", object(fields));
    Map<String, String> job = new TreeMap<>();
    job.put("job_id", Integer.toString(own));
    job.put("job_batch_id", quoted("LAB-" + own));
    job.put("action", quoted("publish"));
    job.put(
        "publish_time", fields.getOrDefault("publish_time", quoted("2026-11-20 09:15:02.118220")));
    job.put("data", pointer(dump));
    job.put("meta", pointer(meta));
    String channel = fields.getOrDefault("channel", "").replace("\"", "");
    repository.write(channel + "/layers/" + workspace + "." + name + ".json", object(job));
  }

  /** Writes the job that takes a layer away; the next commit has it. */
  public void remove(String workspace, String name) throws IOException {
    write(
        "layers/" + workspace + "." + name + ".json",
        "{\"name\": \"%s\", \"workspace\": \"%s\", \"action\": \"remove\"}"
            .formatted(name, workspace));
  }

  /** Writes a file of the channel; the next commit has it. */
  public void write(String path, String text) throws IOException {
    repository.write(CHANNEL + "/" + path, text);
  }

  /** Commits what was written. */
  public String commit(String message) throws IOException {
    return committed(repository.commit(message));
  }

  /** Commits what was written, by a clock that shows {@code when}. */
  public String commit(String message, Instant when) throws IOException {
    return committed(repository.commit(message, when));
  }

  private String committed(String revision) {
    revisions.add(revision);
    return revision;
  }

  /** A revision and those that were committed here after it: each of them holds what it held. */
  public List<String> since(String revision) {
    List<String> all = List.copyOf(revisions);
    int at = all.indexOf(revision);
    return at < 0 ? List.of(revision) : all.subList(at, all.size());
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  private static String object(Map<String, String> fields) {
    StringBuilder text = new StringBuilder("{");
    fields.forEach((key, value) ->
        text.append(text.length() > 1 ? ", " : "").append(quoted(key)).append(": ").append(value));
    return text.append("}\n").toString();
  }
}
