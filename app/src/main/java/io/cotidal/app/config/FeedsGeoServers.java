package io.cotidal.app.config;

import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.model.MemberId;
import io.cotidal.model.Secret;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads where layers are published. */
final class FeedsGeoServers {
  private static final MemberId ONLY = new MemberId("geoserver");
  private static final String HOME = "http://localhost:8080/geoserver";
  private static final String NAMESPACE = "http://%s";

  private final Section section;
  private final Secrets secrets;
  private final Map<MemberId, Section> names = new LinkedHashMap<>();
  private final Map<String, Section> homes = new LinkedHashMap<>();

  FeedsGeoServers(Section section, Secrets secrets) {
    this.section = section;
    this.secrets = secrets;
  }

  /** Those that are written, in their order. */
  List<FeedsSpec.GeoServer> read() {
    List<FeedsSpec.GeoServer> servers = new ArrayList<>();
    section.items("geoserver").forEach(item -> servers.add(server(item)));
    return servers;
  }

  private FeedsSpec.GeoServer server(Section item) {
    MemberId name = item.get("name", FeedsForms.member(), Value.standard(ONLY, ONLY.name()));
    once(names, name, item, "name", "'" + name + "' is the name of another GeoServer");
    String url = item.get("url", FeedsForms.home(), Value.standard(HOME, HOME));
    once(homes, url, item, "url", url + " is another GeoServer's home");
    String user = item.get("user", FeedsForms.line(), Value.standard("admin", "admin"));
    Optional<Secret> password = item.secret("password", secrets);
    Optional<Path> data =
        item.get("data", FeedsForms.path(), Value.standard(Optional.empty(), "(out of reach)"));
    String namespace =
        item.get("namespace", FeedsForms.namespace(), Value.standard(NAMESPACE, NAMESPACE));
    Optional<String> host =
        item.get(
            "database-host",
            FeedsForms.maybe(Forms.host()),
            Value.standard(Optional.empty(), "(as we reach it)"));
    item.closeDiscreetly();
    return new FeedsSpec.GeoServer(
        name, url, user, password.orElse(new Secret("")), data, namespace, host);
  }

  private static <T> void once(
      Map<T, Section> known, T value, Section item, String key, String reason) {
    Section other = known.putIfAbsent(value, item);
    if (other != null) {
      item.problem(
          key,
          reason + " (line " + other.place(key).line() + ")",
          "give each GeoServer its own " + key);
    }
  }
}
