package io.cotidal.feeds.geoserver;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cotidal.feeds.job.Blob;
import io.cotidal.feeds.job.Body;
import io.cotidal.feeds.job.Face;
import io.cotidal.feeds.job.Sort;
import io.cotidal.feeds.job.Subject;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.lab.PostgisServer;
import io.cotidal.lab.ServerRegistry;
import io.cotidal.lab.geoserver.GeoServerStub;
import io.cotidal.model.MemberId;
import io.cotidal.model.Secret;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A PostGIS with some parcels, and a GeoServer: a real one if {@code COTIDAL_GEOSERVER_URL}, {@code
 * _USER} and {@code _PASSWORD} name one that reaches this machine, else the stub.
 */
final class SiteLab implements AutoCloseable {
  static final String DATABASE = "replica";
  static final Subject PARCELS = new Subject(Sort.LAYER, "sites", "parcels");
  static final Spot SPOT = Spot.layer(PARCELS, true);

  private final ServerRegistry registry;
  private final PostgisServer postgis;
  private final Optional<GeoServerStub> stub;
  private final Path folder;
  private final Site site;

  private SiteLab(
      ServerRegistry registry, PostgisServer postgis, Optional<GeoServerStub> stub, Path folder) {
    this.registry = registry;
    this.postgis = postgis;
    this.stub = stub;
    this.folder = folder;
    this.site = new Site(server(), Optional.of(database()));
  }

  static SiteLab open(Path folder) throws Exception {
    Optional<String> missing = PostgisServer.missing();
    if (missing.isPresent() && "1".equals(System.getenv("COT_REQUIRE_SERVERS"))) {
      throw new IllegalStateException(missing.get());
    }
    assumeTrue(missing.isEmpty(), () -> "SKIPPED: " + missing.orElse(""));
    ServerRegistry registry = ServerRegistry.open(folder.resolve("state"));
    PostgisServer postgis = PostgisServer.start(registry);
    postgis.createDatabase(DATABASE, true);
    Optional<GeoServerStub> stub =
        realUrl().isEmpty() ? Optional.of(GeoServerStub.start(0)) : Optional.empty();
    SiteLab lab = new SiteLab(registry, postgis, stub, folder);
    System.out.println("GeoServer: " + (stub.isPresent() ? "stub" : realUrl()));
    lab.sql("CREATE SCHEMA sites; CREATE SCHEMA sites_data");
    lab.table("parcels", 200);
    return lab;
  }

  private static String realUrl() {
    return Optional.ofNullable(System.getenv("COTIDAL_GEOSERVER_URL")).orElse("");
  }

  private FeedsSpec.GeoServer server() {
    return stub.map(one -> server(one.url(), GeoServerStub.USER, GeoServerStub.PASSWORD))
        .orElseGet(() ->
            server(
                realUrl(),
                System.getenv("COTIDAL_GEOSERVER_USER"),
                System.getenv("COTIDAL_GEOSERVER_PASSWORD")));
  }

  static FeedsSpec.GeoServer server(String url, String user, String password) {
    return new FeedsSpec.GeoServer(
        new MemberId("geoserver"),
        url,
        user,
        new Secret(password),
        Optional.empty(),
        "http://%s.example.org",
        Optional.empty());
  }

  FeedsSpec.Database database() {
    return new FeedsSpec.Database(
        "127.0.0.1",
        postgis.port(),
        DATABASE,
        "publish",
        PostgisServer.ADMINISTRATOR,
        Optional.of(postgis.password()),
        Optional.empty(),
        1,
        1L << 30,
        Duration.ofMillis(500));
  }

  Site site() {
    return site;
  }

  PostgisServer postgis() {
    return postgis;
  }

  /** The stub; a test that needs it is skipped against a real GeoServer. */
  GeoServerStub stub() {
    assumeTrue(stub.isPresent(), "SKIPPED: needs the stub");
    return stub.orElseThrow();
  }

  boolean stubbed() {
    return stub.isPresent();
  }

  static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(30));
  }

  void sql(String statement) throws SQLException {
    postgis.execute(DATABASE, statement);
  }

  /** A table of squares in a row, with its view. */
  void table(String name, int rows) throws SQLException {
    sql(
        """
        CREATE TABLE sites_data.%1$s (ogc_fid serial PRIMARY KEY, name text, category text,
          wkb_geometry geometry(Polygon, 4326));
        INSERT INTO sites_data.%1$s (name, category, wkb_geometry)
          SELECT 'parcel ' || i, CASE i %% 2 WHEN 0 THEN 'road' ELSE 'land' END,
            ST_MakeEnvelope(113 + i * 0.05, -30, 113.04 + i * 0.05, -29, 4326)
          FROM generate_series(1, %2$d) AS i;
        CREATE VIEW sites.%1$s AS SELECT * FROM sites_data.%1$s;
        """
            .formatted(name, rows));
  }

  Path style(String name, String colour) throws IOException {
    return Files.writeString(
        folder.resolve(name + "-" + colour + ".sld"),
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <StyledLayerDescriptor version="1.0.0" xmlns="http://www.opengis.net/sld">
          <NamedLayer><Name>%s</Name><UserStyle><FeatureTypeStyle><Rule><PolygonSymbolizer><Fill>
            <CssParameter name="fill">#%s</CssParameter>
          </Fill></PolygonSymbolizer></Rule></FeatureTypeStyle></UserStyle></NamedLayer>
        </StyledLayerDescriptor>
        """
            .formatted(name, colour));
  }

  SortedMap<String, Path> styles(String colour) throws IOException {
    return new TreeMap<>(
        Map.of("builtin", style("builtin", colour), "outline", style("outline", colour)));
  }

  /** A face with a title and whatever styles there are. */
  static Face face(String title, SortedMap<String, Path> styles) {
    SortedMap<String, Blob> blobs = new TreeMap<>();
    styles.keySet().forEach(name -> blobs.put(name, new Blob("master", "/" + name + ".sld", "")));
    return new Face(
        title,
        "Synthetic <parcels> & more",
        List.of("cadastre", "land"),
        "EPSG:4326",
        Optional.of(new Face.Box(113, -35, 128, -15)),
        true,
        blobs,
        styles.containsKey("builtin") ? "builtin" : "",
        Optional.of(new Face.Cache(0, 300, 4, 4)),
        "WFS");
  }

  static Wanted.Layer layer(Subject subject, Face face, SortedMap<String, Path> styles) {
    return new Wanted.Layer(
        subject,
        new Body.Layer(
            new Body.Schemas("sites", "sites_data", "sites_outdated"),
            Optional.empty(),
            "wkb_geometry",
            "POLYGON",
            true,
            true,
            Body.Access.EVERYBODY,
            Optional.empty(),
            face,
            List.of()),
        new Wanted.Table("sites", subject.name(), "EPSG:4326"),
        styles);
  }

  Wanted.Layer parcels(String title, String colour) throws IOException {
    SortedMap<String, Path> styles = styles(colour);
    return layer(PARCELS, face(title, styles), styles);
  }

  static Wanted.Group group(String name, List<Body.Member> members) {
    Face face =
        new Face(
            "Base map",
            "",
            List.of(),
            "EPSG:4326",
            Optional.empty(),
            false,
            new TreeMap<>(),
            "",
            Optional.of(new Face.Cache(0, 0, 4, 4)),
            "WMS");
    return new Wanted.Group(
        new Subject(Sort.GROUP, "sites", name),
        new Body.Group(members, Body.Access.EVERYBODY, face));
  }

  @Override
  public void close() throws IOException {
    stub.ifPresent(GeoServerStub::close);
    registry.close();
  }
}
