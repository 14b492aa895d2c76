package io.cotidal.feeds.environment;

import static io.cotidal.feeds.environment.FeedsVariable.COT_FEED_GEOSERVER_PGSQL_HOST;
import static io.cotidal.feeds.environment.FeedsVariable.GEOSERVER_CLUSTERING;
import static io.cotidal.feeds.environment.FeedsVariable.GEOSERVER_DATASTORE_NAMESPACE;
import static io.cotidal.feeds.environment.FeedsVariable.GEOSERVER_DATA_DIR;
import static io.cotidal.feeds.environment.FeedsVariable.GEOSERVER_DEFAULT_CRS;
import static io.cotidal.feeds.environment.FeedsVariable.GEOSERVER_PASSWORD;
import static io.cotidal.feeds.environment.FeedsVariable.GEOSERVER_SHARING_DATA_DIR;
import static io.cotidal.feeds.environment.FeedsVariable.GEOSERVER_URL;
import static io.cotidal.feeds.environment.FeedsVariable.GEOSERVER_USERNAME;
import static io.cotidal.feeds.environment.FeedsVariable.GEOSERVER_WORKSPACE_NAMESPACE;

import io.cotidal.feeds.spec.FeedsSpec.GeoServer;
import io.cotidal.model.MemberId;
import io.cotidal.model.Secret;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads which GeoServers are told, and as whom. */
final class GeoServers {
  private static final String URL = "http://localhost:8080/geoserver";
  private static final String DATA = "/opt/geoserver/data_dir";
  private static final String NAMESPACE = "http://{}.dpaw.wa.gov.au";
  private static final Pattern NAMESPACES =
      Pattern.compile("[A-Za-z][!-~&&[^%\"<>{}]]*\\{}[!-~&&[^%\"<>{}]]*");

  private final Given given;
  private final boolean skipped;

  GeoServers(Given given, boolean skipped) {
    this.given = given;
    this.skipped = skipped;
  }

  /** All of them; none if they are left alone and nobody says how to log in. */
  List<GeoServer> read() {
    fixed(GEOSERVER_DATASTORE_NAMESPACE, "{}_ds");
    fixed(GEOSERVER_DEFAULT_CRS, "EPSG:4326");
    String said = given.text(GEOSERVER_URL, URL);
    List<String> urls = Given.parts(said);
    if (urls.isEmpty() || new HashSet<>(urls).size() < urls.size()) {
      given.values().wrong(GEOSERVER_URL, said, "name each GeoServer once");
      return List.of();
    }
    alone(GEOSERVER_SHARING_DATA_DIR, urls.size());
    alone(GEOSERVER_CLUSTERING, urls.size());
    if (skipped && !given.set(GEOSERVER_PASSWORD)) {
      return List.of();
    }
    return servers(urls);
  }

  private void fixed(FeedsVariable variable, String only) {
    given
        .text(variable)
        .filter(text -> !text.equals(only))
        .ifPresent(text -> given.values().wrong(variable, text, "only " + only + " is known here"));
  }

  /** Each is told on its own: two that write to one folder would undo each other's work. */
  private void alone(FeedsVariable variable, int count) {
    if (given.truth(variable, false) && count > 1) {
      given
          .values()
          .wrong(variable, "true", "name only one of the GeoServers that share a data folder");
    }
  }

  private List<GeoServer> servers(List<String> urls) {
    int count = urls.size();
    List<String> users =
        given.each(GEOSERVER_USERNAME, given.text(GEOSERVER_USERNAME, "admin"), count);
    List<String> passwords = given.each(GEOSERVER_PASSWORD, given.need(GEOSERVER_PASSWORD), count);
    List<String> data = given.each(GEOSERVER_DATA_DIR, given.text(GEOSERVER_DATA_DIR, DATA), count);
    String namespace = namespace();
    Optional<String> databaseHost =
        given
            .text(COT_FEED_GEOSERVER_PGSQL_HOST)
            .map(text -> given.values().host(COT_FEED_GEOSERVER_PGSQL_HOST, text));
    List<GeoServer> servers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      servers.add(
          new GeoServer(
              new MemberId(i == 0 ? "geoserver" : "geoserver-" + (i + 1)),
              given.values().url(GEOSERVER_URL, urls.get(i)),
              users.get(i),
              new Secret(passwords.get(i)),
              Optional.of(given.values().path(GEOSERVER_DATA_DIR, data.get(i))),
              namespace,
              databaseHost));
    }
    return servers;
  }

  private String namespace() {
    String text = given.text(GEOSERVER_WORKSPACE_NAMESPACE, NAMESPACE);
    if (!NAMESPACES.matcher(text).matches()) {
      given
          .values()
          .wrong(
              GEOSERVER_WORKSPACE_NAMESPACE, text, "write a URI with {} once, for the workspace");
    }
    return text.replace("{}", "%s");
  }
}
