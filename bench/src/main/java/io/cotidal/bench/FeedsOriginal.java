package io.cotidal.bench;

import io.cotidal.lab.PostgisServer;
import io.cotidal.lab.geoserver.GeoServerStub;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What Borg slave sync does when layers change, one thing after another as it does: all layers'
 * work of one sort, then all layers' of the next. Each file is one {@code rsync}, each change of
 * the database one {@code psql}, each table one {@code pg_restore}, each call waits for its answer.
 * It is spared what it does besides: pulling, its sums over SSH, foreign keys, pictures, what it
 * writes down of itself, and the interpreter it is written in.
 */
final class FeedsOriginal implements AutoCloseable {
  private static final String WS = "/rest/workspaces/" + FeedsHouse.WORKSPACE;
  private static final String STORE = WS + "/datastores/sites_ds";
  private static final List<String> STYLES = List.of("", ".outline");
  private static final List<String> GRID_SETS = List.of("EPSG:4326", "EPSG:900913");
  private static final List<String> FORMATS = List.of("image/png", "image/jpeg");
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final FeedsHouse house;
  private final FeedsGround ground;
  private final GeoServerStub geoserver;
  private final HttpClient http = HttpClient.newHttpClient();
  private final Path local;
  private final Map<String, Long> parts = new TreeMap<>();

  private FeedsOriginal(FeedsHouse house) throws IOException {
    this.house = house;
    this.ground = house.ground();
    this.geoserver = GeoServerStub.start(0);
    this.local = Files.createDirectories(ground.folder().resolve("original"));
  }

  /** Opens one with a GeoServer of its own. */
  static FeedsOriginal open(FeedsHouse house) throws IOException {
    return new FeedsOriginal(house);
  }

  /** Microseconds of the parts of the last publication. */
  Map<String, Long> parts() {
    return parts;
  }

  /** One kind of work for one layer. */
  @FunctionalInterface
  private interface Task {
    void of(String layer) throws BenchProblem, IOException, SQLException;
  }

  /** Microseconds until the newest files of so many layers are in force. */
  long publish(int layers) throws BenchProblem, IOException, SQLException {
    ground.settle();
    Map<String, Path> newest = newest();
    List<String> names = new ArrayList<>();
    for (int i = 1; i <= layers; i++) {
      names.add(FeedsHouse.layer(i));
    }
    long begun = System.nanoTime();
    each("serial: metadata", names, layer -> fetch(newest, layer, ".meta.json"));
    each(
        "serial: styles fetched",
        names,
        layer -> {
          fetch(newest, layer, ".sld");
          fetch(newest, layer, ".outline.sld");
        });
    psql(
        "CREATE SCHEMA IF NOT EXISTS sites; CREATE SCHEMA IF NOT EXISTS sites_data;"
            + " CREATE SCHEMA IF NOT EXISTS sites_outdated");
    each("serial: old tables moved", names, layer -> psql(moved(layer)));
    each(
        "serial: dumps fetched and restored",
        names,
        layer -> ground.restore(fetch(newest, layer, ".db")));
    each("serial: views", names, layer -> psql(viewed(layer)));
    each(
        "serial: old tables dropped",
        names,
        layer -> psql("DROP TABLE IF EXISTS sites_outdated." + layer));
    workspace();
    each("serial: layers taken away", names, this::hide);
    store();
    each("serial: layers made", names, this::show);
    each("serial: styles", names, this::styles);
    each("serial: tiles", names, this::tiles);
    call("POST", "/rest/reload", "", "");
    return (System.nanoTime() - begun) / 1_000;
  }

  private void each(String part, List<String> layers, Task task)
      throws BenchProblem, IOException, SQLException {
    long begun = System.nanoTime();
    for (String layer : layers) {
      task.of(layer);
    }
    parts.put(part, (System.nanoTime() - begun) / 1_000);
  }

  /** Of each layer's files of each sort the one that was written last. */
  private Map<String, Path> newest() throws IOException {
    Map<String, Path> all = new TreeMap<>();
    try (Stream<Path> files = Files.list(house.master().files())) {
      for (Path each : files.toList()) {
        String[] words = String.valueOf(each.getFileName()).split("\\.", 0);
        int at = words[2].equals("data") ? 3 : 2;
        String sort = "." + String.join(".", List.of(words).subList(at + 1, words.length));
        all.merge(
            words[1] + sort,
            each,
            (one, other) -> number(one, at) > number(other, at) ? one : other);
      }
    }
    return all;
  }

  private static int number(Path file, int at) {
    return Integer.parseInt(String.valueOf(file.getFileName()).split("\\.", 0)[at]);
  }

  private Path fetch(Map<String, Path> newest, String layer, String sort)
      throws BenchProblem, IOException {
    Path from = newest.get(layer + sort);
    if (from == null) {
      throw new BenchProblem("the master has no " + layer + sort);
    }
    Path to = local.resolve(layer + sort);
    // Its folder has the number of the batch in its name: it never has an older copy.
    Files.deleteIfExists(to);
    String ssh =
        "ssh -F none -i %s -p %d -o BatchMode=yes -o StrictHostKeyChecking=yes -o UserKnownHostsFile=%s"
            .formatted(
                house.master().ssh().identity(),
                house.master().ssh().port(),
                house.master().knownHosts());
    Command.run(
        List.of(
            "/usr/bin/rsync",
            "-Paz",
            "-e",
            ssh,
            house.master().ssh().user() + "@127.0.0.1:" + from,
            to.toString()));
    return to;
  }

  private void psql(String sql) throws BenchProblem, IOException {
    ground.client("psql", FeedsGround.RIVAL, List.of("-q", "-v", "ON_ERROR_STOP=1", "-c", sql));
  }

  private static String moved(String layer) {
    return """
    DROP TABLE IF EXISTS sites_outdated.%1$s;
    ALTER TABLE IF EXISTS sites_data.%1$s SET SCHEMA sites_outdated;
    """
        .formatted(layer);
  }

  private static String viewed(String layer) {
    return """
    DROP VIEW IF EXISTS sites.%1$s CASCADE;
    CREATE VIEW sites.%1$s AS SELECT * FROM sites_data.%1$s;
    """
        .formatted(layer);
  }

  private void workspace() throws BenchProblem, IOException {
    if (call("GET", WS + ".json", "", "") == 404) {
      call("POST", "/rest/workspaces", "application/json", "{\"workspace\":{\"name\":\"sites\"}}");
    }
  }

  private void store() throws BenchProblem, IOException {
    PostgisServer postgis = ground.postgis();
    String text =
        """
        {"dataStore":{"name":"sites_ds","connectionParameters":{"entry":[
          {"@key":"host","$":"127.0.0.1"},{"@key":"port","$":"%d"},
          {"@key":"database","$":"%s"},{"@key":"schema","$":"sites"},
          {"@key":"user","$":"%s"},{"@key":"passwd","$":"%s"}]}}}
        """
            .formatted(
                postgis.port(),
                FeedsGround.RIVAL,
                PostgisServer.ADMINISTRATOR,
                postgis.password().reveal());
    if (call("GET", STORE + ".json", "", "") == 404) {
      call("POST", WS + "/datastores", "application/json", text);
    }
    call("PUT", STORE, "application/json", text);
  }

  private void hide(String layer) throws BenchProblem, IOException {
    if (call("GET", "/rest/layers/sites:" + layer + ".json", "", "") == 404) {
      return;
    }
    call("DELETE", "/rest/layers/sites:" + layer, "", "");
    call("DELETE", STORE + "/featuretypes/" + layer, "", "");
    for (String each : STYLES) {
      call("DELETE", WS + "/styles/" + style(layer, each), "", "");
    }
  }

  private void show(String layer) throws BenchProblem, IOException {
    call(
        "POST",
        STORE + "/featuretypes",
        "application/json",
        """
        {"featureType":{"name":"%1$s","nativeName":"%1$s","title":"Title of %1$s",
          "abstract":"Made by the lab","srs":"EPSG:4326","enabled":true}}
        """
            .formatted(layer));
  }

  private void styles(String layer) throws BenchProblem, IOException {
    String sld = "application/vnd.ogc.sld+xml";
    for (String each : STYLES) {
      String name = style(layer, each);
      String text = Files.readString(local.resolve(layer + each + ".sld"));
      if (call("GET", WS + "/styles/" + name + ".sld", "", "") == 404) {
        call("POST", WS + "/styles?name=" + name, sld, text);
      }
      call("PUT", WS + "/styles/" + name, sld, text);
    }
    call(
        "PUT",
        "/rest/layers/sites:" + layer,
        "application/json",
        """
        {"layer":{"defaultStyle":{"name":"%1$s","workspace":"sites"},
          "styles":{"style":[{"name":"%1$s_outline","workspace":"sites"}]}}}
        """
            .formatted(layer));
  }

  private static String style(String layer, String which) {
    return layer + which.replace('.', '_');
  }

  private void tiles(String layer) throws BenchProblem, IOException {
    String path = "/gwc/rest/layers/sites:" + layer + ".xml";
    call("GET", path, "", "");
    call(
        "PUT",
        path,
        "text/xml",
        """
        <GeoServerLayer><enabled>true</enabled><name>sites:%s</name>
          <mimeFormats><string>image/png</string><string>image/jpeg</string></mimeFormats>
          <gridSubsets><gridSubset><gridSetName>EPSG:4326</gridSetName></gridSubset>
            <gridSubset><gridSetName>EPSG:900913</gridSetName></gridSubset></gridSubsets>
          <expireCache>0</expireCache><expireClients>300</expireClients></GeoServerLayer>
        """
            .formatted(layer));
    for (String gridSet : GRID_SETS) {
      for (String format : FORMATS) {
        call(
            "POST",
            "/gwc/rest/seed/sites:" + layer + ".json",
            "application/json",
            """
            {"seedRequest":{"name":"sites:%s","gridSetId":"%s","format":"%s","type":"truncate",
              "zoomStart":0,"zoomStop":12,"threadCount":1}}
            """
                .formatted(layer, gridSet, format));
      }
    }
  }

  /** The answer's status: good, or 404 to a question. */
  private int call(String method, String path, String type, String body)
      throws BenchProblem, IOException {
    String login = GeoServerStub.USER + ":" + GeoServerStub.PASSWORD;
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(geoserver.url() + path))
            .timeout(PATIENCE)
            .header(
                "Authorization",
                "Basic "
                    + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8)))
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (!type.isEmpty()) {
      request.header("Content-Type", type);
    }
    try {
      HttpResponse<String> answer =
          http.send(request.build(), HttpResponse.BodyHandlers.ofString());
      int status = answer.statusCode();
      boolean absent = status == 404 && method.equals("GET");
      if (status >= 300 && !absent) {
        throw new BenchProblem(
            "%s %s is answered %d: %s".formatted(method, path, status, answer.body()));
      }
      return status;
    } catch (InterruptedException e) {
      throw new BenchProblem("ended before it was done, as asked", e);
    }
  }

  @Override
  public void close() {
    http.close();
    geoserver.close();
  }
}
