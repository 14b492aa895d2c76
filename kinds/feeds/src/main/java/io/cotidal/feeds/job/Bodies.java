package io.cotidal.feeds.job;

import io.cotidal.feeds.job.Body.Access;
import io.cotidal.feeds.job.Body.Schemas;
import io.cotidal.model.Secret;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Reads what a thing shall be from its document, metadata included. */
final class Bodies {
  private static final int LONGEST_QUERY = 65_536;
  private static final int MOST_MEMBERS = 1_000;
  private static final int HOUR = 3_600;
  private static final Pattern SETTING = Pattern.compile("[A-Za-z][A-Za-z0-9 _.()-]{0,79}");

  /** What a live store says in fields of its own, or may not say at all. */
  private static final Set<String> OWN =
      Set.of(
          "host",
          "port",
          "database",
          "user",
          "schema",
          "jndireferencename",
          "callback factory",
          "session startup sql",
          "session close-up sql",
          "driver",
          "url");

  private final Subject subject;
  private final Fields fields;

  private Bodies(Subject subject, Fields fields) {
    this.subject = subject;
    this.fields = fields;
  }

  /** The body of a thing whose job is a document. */
  static Body read(Subject subject, Fields fields) throws BadJob {
    Bodies bodies = new Bodies(subject, fields);
    bodies.checkNames();
    return switch (subject.sort()) {
      case LAYER -> bodies.layer();
      case WMS_STORE -> bodies.wmsStore();
      case WMS_LAYER -> bodies.wmsLayer();
      case LIVE_STORE -> bodies.liveStore();
      case LIVE_LAYER -> bodies.liveLayer();
      case GROUP -> bodies.group();
      case WORKSPACE -> bodies.workspace();
      case RULES, ROLES -> throw new IllegalArgumentException(subject + " is no document");
    };
  }

  /** The path names the thing; a document that names another one is not trusted. */
  private void checkNames() throws BadJob {
    if (subject.sort() != Sort.WORKSPACE) {
      checkSame("workspace", subject.workspace());
      checkSame("name", subject.name());
    } else {
      checkSame("schema", subject.workspace());
    }
  }

  private void checkSame(String field, String expected) throws BadJob {
    String said = fields.text(field, Integer.MAX_VALUE);
    if (!said.isEmpty() && !said.equals(expected)) {
      throw fields.bad(
          field,
          BadJob.quoted(said)
              + " is not what the file is called; call it "
              + expected
              + " in both");
    }
  }

  private Schemas schemas() throws BadJob {
    String workspace = subject.workspace();
    Schemas schemas =
        new Schemas(
            fields.schema("schema", workspace),
            fields.schema("data_schema", workspace + "_data"),
            fields.schema("outdated_schema", workspace + "_outdated"));
    if (Set.copyOf(List.of(schemas.view(), schemas.data(), schemas.outdated())).size() < 3) {
      throw fields.bad("data_schema", "is one of the other schemas; use three");
    }
    return schemas;
  }

  /** Whoever says no level is taken as between the others: not for everybody. */
  private Access access() throws BadJob {
    return switch (fields.whole("auth_level", -1, -1, 2)) {
      case 0 -> Access.EVERYBODY;
      case 2 -> Access.ONE_ROLE;
      default -> Access.SIGNED_IN;
    };
  }

  private Optional<Blob> preview() throws BadJob {
    return Addresses.blob(fields, "preview_path", "");
  }

  private Body layer() throws BadJob {
    Optional<Fields> data = fields.object("data");
    Optional<Blob> oldest = Addresses.blob(fields, "dump_path", "data_md5");
    Optional<Blob> dump = data.isPresent() ? Addresses.blob(data.get(), "file", "md5") : oldest;
    Schemas schemas = schemas();
    return new Body.Layer(
        schemas,
        dump,
        fields.name("spatial_column", ""),
        spatialType(),
        fields.truth("sync_postgres_data", true),
        fields.truth("sync_geoserver_data", true),
        access(),
        preview(),
        Faces.read(fields),
        Deltas.read(subject, data, schemas, dump));
  }

  private String spatialType() throws BadJob {
    String type = fields.text("spatial_type", 64);
    if (!type.matches("[A-Za-z0-9_ ]*")) {
      throw fields.bad(
          "spatial_type", BadJob.quoted(type) + " is no type; write POLYGON for example");
    }
    return type.toUpperCase(Locale.ROOT);
  }

  private Body workspace() throws BadJob {
    return new Body.Workspace(
        schemas(),
        access(),
        fields.truth("sync_postgres_data", true),
        fields.truth("sync_geoserver_data", true));
  }

  private Body wmsStore() throws BadJob {
    Optional<Fields> given = fields.object("geoserver_setting");
    Fields settings = given.orElse(new Fields(fields.place(), Map.of()));
    return new Body.WmsStore(
        Addresses.url(fields, "capability_url"),
        fields.text("username", 255),
        new Secret(secret("password")),
        settings.whole("max_connections", 6, 1, 1_000),
        settings.whole("read_timeout", 60, 1, HOUR),
        settings.whole("connect_timeout", 30, 1, HOUR));
  }

  private String secret(String field) throws BadJob {
    return switch (fields.get(field)) {
      case null -> "";
      case String text when text.length() <= 1024 && Grammar.visible(text, false) -> text;
      default -> throw fields.bad(field, "is no password; write a text on one line");
    };
  }

  private Body wmsLayer() throws BadJob {
    return new Body.WmsLayer(
        fields.name("store"), nativeName(), access(), preview(), Faces.read(fields));
  }

  private String nativeName() throws BadJob {
    String name = fields.text("native_name", 255);
    return name.isEmpty() ? subject.name() : name;
  }

  private Body liveStore() throws BadJob {
    return new Body.LiveStore(
        Addresses.host(fields, "host"),
        fields.whole("port", 5432, 1, 65_535),
        needed("database"),
        needed("user"),
        new Secret(secret(fields.has("passwd") ? "passwd" : "password")),
        fields.name("schema", "public"),
        settings());
  }

  private String needed(String field) throws BadJob {
    String text = fields.text(field, 63);
    if (text.isEmpty()) {
      throw fields.bad(field, "is missing; name it");
    }
    return text;
  }

  /** Keys that would go round the checks of the fields above are not for this list. */
  private SortedMap<String, String> settings() throws BadJob {
    SortedMap<String, String> settings = new TreeMap<>();
    Optional<Fields> given = fields.object("geoserver_setting");
    if (given.isEmpty()) {
      return settings;
    }
    for (String key : given.get().values().keySet()) {
      String lower = key.toLowerCase(Locale.ROOT);
      Object value = given.get().get(key);
      boolean scalar =
          value instanceof String || value instanceof Number || value instanceof Boolean;
      boolean postgis = !lower.equals("dbtype") || "postgis".equals(value);
      if (!SETTING.matcher(key).matches()
          || OWN.contains(lower)
          || Fields.secret(key)
          || !postgis) {
        throw given.get().bad(key, "is no setting of a live store; say hosts and logins beside it");
      }
      if (value != null && !scalar) {
        throw given.get().bad(key, "is no single value; write a text, a number, true or false");
      }
      if (value != null) {
        settings.put(key, value instanceof String ? given.get().text(key, 1024) : value.toString());
      }
    }
    return settings;
  }

  private Body liveLayer() throws BadJob {
    String query = fields.prose("viewsql", LONGEST_QUERY).strip();
    Optional<String> refusal = query.isEmpty() ? Optional.empty() : SelectOnly.refusal(query);
    if (refusal.isPresent()) {
      throw fields.bad("viewsql", refusal.get() + "; write one SELECT that only reads");
    }
    return new Body.LiveLayer(
        fields.name(fields.has("datastore") ? "datastore" : "store"),
        fields.name("table", subject.name()),
        query,
        fields.name("spatial_column", ""),
        spatialType(),
        access(),
        preview(),
        Faces.read(fields));
  }

  private Body group() throws BadJob {
    List<Body.Member> members = new ArrayList<>();
    for (Fields member : fields.objects("layers")) {
      String type = member.text("type", 64);
      Sort sort =
          switch (type.toLowerCase(Locale.ROOT)) {
            case "publish", "layer" -> Sort.LAYER;
            case "wms_layer" -> Sort.WMS_LAYER;
            case "live_layer" -> Sort.LIVE_LAYER;
            case "group" -> Sort.GROUP;
            default ->
                throw member.bad(
                    "type",
                    BadJob.quoted(type)
                        + " is no member; write publish, wms_layer, live_layer or group");
          };
      members.add(
          new Body.Member(
              sort, member.workspace("workspace", subject.workspace()), member.name("name")));
    }
    if (members.isEmpty() || members.size() > MOST_MEMBERS) {
      throw fields.bad("layers", "holds none, or more than " + MOST_MEMBERS + "; name some");
    }
    if (members.stream().anyMatch(member -> member.subject().equals(subject))) {
      throw fields.bad("layers", "holds the group itself; remove it there");
    }
    return new Body.Group(members, access(), Faces.read(fields));
  }
}
