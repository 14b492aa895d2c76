package io.cotidal.feeds.geoserver;

import io.cotidal.feeds.geoserver.SiteException.Kind;
import io.cotidal.feeds.job.Body;
import io.cotidal.feeds.job.Subject;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.model.Secret;
import io.cotidal.remote.http.Order.Content;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Workspaces, and stores of all sorts. A password is told when a store is written, never read. */
final class Stores {
  private static final String PASSWORD = "passwd";

  /** What a new datastore begins with; its operator may change it. */
  private static final Map<String, String> BEGIN =
      Map.of(
          "Expose primary keys", "true",
          "fetch size", "1000",
          "max connections", "10",
          "min connections", "1",
          "validate connections", "true",
          "Connection timeout", "20",
          "Loose bbox", "true",
          "Estimated extends", "true",
          "encode functions", "false",
          "preparedStatements", "false");

  private final Calls calls;
  private final FeedsSpec.GeoServer server;
  private final Optional<FeedsSpec.Database> database;
  private final Optional<String> schema;

  Stores(Calls calls, FeedsSpec.GeoServer server, Optional<FeedsSpec.Database> database) {
    this(calls, server, database, Optional.empty());
  }

  private Stores(
      Calls calls,
      FeedsSpec.GeoServer server,
      Optional<FeedsSpec.Database> database,
      Optional<String> schema) {
    this.calls = calls;
    this.server = server;
    this.database = database;
    this.schema = schema;
  }

  /** The same, knowing which schema the workspace's own datastore shows. */
  Stores showing(String shown) {
    return new Stores(calls, server, database, Optional.of(shown));
  }

  /** What a datastore is told. */
  private record Connection(SortedMap<String, String> owned, Secret password, boolean renewed) {}

  Applied apply(Wanted.Workspace wanted) throws SiteException {
    String workspace = wanted.subject().workspace();
    workspace(workspace);
    String print = uri(workspace);
    if (wanted.schema().isPresent()) {
      print += own(workspace, wanted.schema().get(), wanted.renewed());
    }
    return new Applied(calls.writes(), Digest.of(print));
  }

  Applied apply(Wanted.LiveStore wanted) throws SiteException {
    Subject subject = wanted.subject();
    Body.LiveStore body = wanted.body();
    workspace(subject.workspace());
    SortedMap<String, String> owned = new TreeMap<>(body.settings());
    owned.remove(PASSWORD);
    owned.putAll(
        Map.of(
            "dbtype", "postgis",
            "host", body.host(),
            "port", Integer.toString(body.port()),
            "database", body.database(),
            "schema", body.schema(),
            "user", body.user(),
            "namespace", uri(subject.workspace())));
    String print =
        datastore(
            subject.workspace(),
            subject.name(),
            new Connection(owned, body.password(), wanted.renewed()));
    return new Applied(calls.writes(), Digest.of(print));
  }

  Applied apply(Wanted.WmsStore wanted) throws SiteException {
    Subject subject = wanted.subject();
    workspace(subject.workspace());
    Body.WmsStore body = wanted.body();
    ObjectNode asked = Tree.node().put("name", subject.name()).put("enabled", true);
    asked.put("capabilitiesURL", body.capabilities());
    asked.put("maxConnections", body.maxConnections()).put("readTimeout", body.readTimeout());
    asked.put("connectTimeout", body.connectTimeout()).put("user", body.user());
    String collection = Rest.path("workspaces", subject.workspace(), "wmsstores");
    String path = collection + "/" + Rest.encoded(subject.name() + ".json");
    Optional<JsonNode> found = calls.get(path).map(answer -> answer.path("wmsStore"));
    boolean same =
        found.isPresent() && Owned.like(asked, found.get()).equals(Owned.like(asked, asked));
    if (!same || wanted.renewed()) {
      ObjectNode told = asked.deepCopy();
      if (!body.user().isEmpty()) {
        told.put("password", body.password().reveal());
      } else if (found.isEmpty()) {
        told.remove("user");
      }
      if (found.isPresent()) {
        calls.put(path, Tree.content("wmsStore", told));
      } else {
        calls.post(collection, Tree.content("wmsStore", told.put("type", "WMS")));
      }
      found = calls.get(path).map(answer -> answer.path("wmsStore"));
    }
    return new Applied(
        calls.writes(), Digest.of(found.map(one -> Owned.like(asked, one).toString()).orElse("")));
  }

  /** What a layer stands on, before it is made; a live or a WMS store has a job of its own. */
  void parents(Shape shape) throws SiteException {
    String workspace = shape.subject().workspace();
    workspace(workspace);
    if (schema.isPresent()) {
      String _ = own(workspace, schema.get(), false);
    } else {
      String path =
          Rest.path(
              "workspaces",
              workspace,
              shape.cascaded() ? "wmsstores" : "datastores",
              shape.store() + ".json");
      if (calls.get(path).isEmpty()) {
        throw new SiteException(
            Kind.FAILED, calls.place(path) + ": the layer's store is not there: publish it first");
      }
    }
  }

  /** The workspace with our namespace. */
  void workspace(String workspace) throws SiteException {
    String path = Rest.path("namespaces", workspace + ".json");
    Optional<JsonNode> found = calls.get(path).map(answer -> answer.path("namespace"));
    if (found.isEmpty()) {
      make(
          Rest.path("workspaces"),
          Tree.content("workspace", Tree.node().put("name", workspace)),
          path);
    }
    String uri = uri(workspace);
    if (found.isEmpty() || !Tree.text(found.get(), "uri").equals(uri)) {
      calls.put(
          path, Tree.content("namespace", Tree.node().put("prefix", workspace).put("uri", uri)));
    }
  }

  /** Makes what was not there, unless somebody was faster: jobs of one workspace run together. */
  private void make(String collection, Content content, String path) throws SiteException {
    try {
      calls.post(collection, content);
    } catch (SiteException e) {
      if (e.kind() == Kind.UNREACHABLE || calls.get(path).isEmpty()) {
        throw e;
      }
    }
  }

  private String uri(String workspace) {
    return server.namespace().replace("%s", workspace);
  }

  /** The workspace's own datastore; a digest's text of it. */
  String own(String workspace, String schema, boolean renewed) throws SiteException {
    FeedsSpec.Database where =
        database.orElseThrow(() ->
            new SiteException(
                Kind.REJECTED,
                server.name().name()
                    + ": a layer needs the database, and none is configured: name one"));
    SortedMap<String, String> owned =
        new TreeMap<>(
            Map.of(
                "dbtype", "postgis",
                "host", server.databaseHost().orElse(where.host()),
                "port", Integer.toString(where.port()),
                "database", where.name(),
                "schema", schema,
                "user", where.user(),
                "namespace", uri(workspace)));
    return datastore(
        workspace,
        Spot.own(workspace),
        new Connection(owned, where.password().orElse(new Secret("")), renewed));
  }

  private String datastore(String workspace, String name, Connection wanted) throws SiteException {
    String collection = Rest.path("workspaces", workspace, "datastores");
    String path = collection + "/" + Rest.encoded(name + ".json");
    Optional<JsonNode> found = calls.get(path).map(answer -> answer.path("dataStore"));
    if (found.isPresent() && same(found.get(), wanted) && !wanted.renewed()) {
      return wanted.owned().toString();
    }
    Map<String, String> told = new TreeMap<>(wanted.owned());
    told.put(PASSWORD, wanted.password().reveal());
    if (found.isEmpty()) {
      BEGIN.forEach(told::putIfAbsent);
    }
    List<ObjectNode> entries = new ArrayList<>();
    told.forEach((key, value) -> entries.add(Tree.entry(key, value)));
    JsonNode others = found.map(one -> one.path("connectionParameters")).orElseGet(Tree::node);
    ObjectNode document = Tree.node().put("name", name).put("enabled", true);
    document.set("connectionParameters", Tree.entries(others, entries));
    if (found.isEmpty()) {
      make(collection, Tree.content("dataStore", document), path);
    } else {
      calls.put(path, Tree.content("dataStore", document));
    }
    return wanted.owned().toString();
  }

  private static boolean same(JsonNode found, Connection wanted) {
    JsonNode parameters = found.path("connectionParameters");
    return found.path("enabled").asBoolean(true)
        && wanted.owned().entrySet().stream()
            .allMatch(one ->
                one.getValue()
                    .equals(
                        Tree.entry(parameters, one.getKey())
                            .map(entry -> Tree.text(entry, "$"))
                            .orElse("")));
  }
}
