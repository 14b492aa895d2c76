package io.cotidal.app.config;

import io.cotidal.objects.spec.GatewayPlace;
import io.cotidal.objects.spec.GatewayPlace.At;
import io.cotidal.remote.http.HttpAddress;
import java.nio.file.Path;
import java.util.Optional;

/** Reads the gateway before a site. */
final class ObjectsGateway {
  private static final String LISTEN = "listen";
  private static final String FOLDER = "folder";
  private static final String SITE = "site";
  private static final String STATUS = "status";

  private final Section section;
  private final Optional<HttpAddress> proxy;
  private final Optional<Path> taken;

  /**
   * Before a site.
   *
   * @param url where the site's proxy answers, if it could be read
   * @param taken the folder of the namespace, if it could be read
   */
  ObjectsGateway(Section section, Optional<String> url, Optional<Path> taken) {
    this.section = section;
    this.proxy = url.map(HttpAddress::parse);
    this.taken = taken;
  }

  /** The gateway; empty if what nothing can stand for is missing, and then reported. */
  Optional<GatewayPlace> read() {
    Optional<At> listen =
        section.need(
            LISTEN,
            ObjectsForms.listen(),
            Optional.empty(),
            "write where clients reach it, for example 0.0.0.0:8080");
    Optional<Path> folder =
        section.need(
            FOLDER,
            Forms.absolutePath(),
            Optional.empty(),
            "name a folder for its outbox, on a disk that keeps what it confirms");
    Optional<At> site = site();
    Optional<At> status =
        section.get(
            STATUS,
            FeedsForms.maybe(ObjectsForms.listen()),
            Value.standard(Optional.empty(), "(nowhere)"));
    section.close();
    if (folder.isPresent() && folder.equals(taken)) {
      section.problem(
          FOLDER, "is the folder of the namespace too", "give the gateway a folder of its own");
    }
    if (listen.isPresent() && listen.equals(site)) {
      section.problem(
          LISTEN,
          "is where the site's proxy listens",
          "choose another port: it would talk to itself");
    }
    if (listen.isPresent() && listen.equals(status) && listen.get().port() != 0) {
      section.problem(STATUS, "is where clients reach it", "choose another port");
    }
    if (listen.isEmpty() || folder.isEmpty() || site.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new GatewayPlace(listen.get(), folder.get(), site.get(), status));
  }

  private Optional<At> site() {
    Optional<Value<At>> usual =
        proxy
            .filter(address -> !address.tls())
            .map(address -> new At(address.host(), address.port()))
            .map(at -> Value.standard(at, "(that of url)"));
    if (proxy.isEmpty() && !section.has(SITE)) {
      // What is wrong with the address is said there.
      return Optional.empty();
    }
    return section.need(
        SITE,
        ObjectsForms.plainProxy(),
        usual,
        "write HOST:PORT where the proxy answers without TLS: a gateway speaks none");
  }
}
