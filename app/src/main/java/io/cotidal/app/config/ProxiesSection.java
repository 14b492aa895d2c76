package io.cotidal.app.config;

import static io.cotidal.app.config.Form.fit;
import static io.cotidal.app.config.Form.unfit;

import io.cotidal.model.MemberId;
import io.cotidal.model.Secret;
import io.cotidal.postgres.spec.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads the proxies of a cluster. */
final class ProxiesSection {
  private static final Pattern DATABASE = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]{0,62}");
  private static final Pattern PARAMETERS =
      Pattern.compile("([a-z_]{1,40}=[A-Za-z0-9_./:-]{1,200}( (?=[a-z])|$)){0,20}");
  private static final Pattern BACKEND = Pattern.compile("[A-Za-z0-9_.:-]{1,63}");

  /** What would lead a line elsewhere, or put a password into a file. */
  private static final Pattern OWNED =
      Pattern.compile("(^| )(host|port|password|auth_password)=.*");

  private final Section cluster;
  private final Secrets secrets;
  private final Clashes clashes;

  ProxiesSection(Section cluster, Secrets secrets, Clashes clashes) {
    this.cluster = cluster;
    this.secrets = secrets;
    this.clashes = clashes;
  }

  /** Those that could be read; what is wrong with the others is reported. */
  List<Proxy> read() {
    List<Proxy> proxies = new ArrayList<>();
    for (Section item : cluster.items("proxies")) {
      Optional<String> name = item.need("name", Forms.name(), Optional.empty(), "write name: NAME");
      name.ifPresent(each -> clashes.name(cluster, item, each));
      MemberId id = new MemberId(name.orElse("unnamed"));
      List<Proxy> found = new ArrayList<>();
      part(item, "pgbouncer", part -> pgbouncer(id, part)).ifPresent(found::add);
      part(item, "haproxy", part -> haproxy(id, part)).ifPresent(found::add);
      part(item, "pgpool", part -> pgpool(id, part)).ifPresent(found::add);
      long written = Stream.of("pgbouncer", "haproxy", "pgpool").filter(item::has).count();
      if (written != 1) {
        item.reject(
            "is of " + (written == 0 ? "no" : "more than one") + " software",
            "write one of pgbouncer, haproxy, pgpool below it");
      }
      item.close();
      if (name.isPresent() && written == 1) {
        proxies.addAll(found);
      }
    }
    return proxies;
  }

  private static <T> Optional<T> part(
      Section item, String key, Function<Section, Optional<T>> reader) {
    Optional<Section> part = item.section(key);
    Optional<T> read = part.flatMap(reader);
    part.ifPresent(Section::closeDiscreetly);
    return read;
  }

  private Optional<Proxy.PgBouncer> pgbouncer(MemberId id, Section item) {
    Optional<Proxy.Console> console = console(item, 6432, "pgbouncer");
    Optional<Path> file =
        item.need(
            "file",
            Forms.absolutePath(),
            Optional.empty(),
            "write the file that pgbouncer's configuration includes for its databases");
    Map<String, String> lines = item.texts("databases", database(), parameters());
    if (!item.has("databases")) {
      item.problem("databases", "is missing", "write databases: {NAME: \"pool_size=20\"}");
    }
    return console.isEmpty() || file.isEmpty()
        ? Optional.empty()
        : Optional.of(new Proxy.PgBouncer(id, console.get(), file.get(), new TreeMap<>(lines)));
  }

  private static Optional<Proxy.HaProxy> haproxy(MemberId id, Section item) {
    Optional<Path> socket =
        item.need(
            "socket", Forms.absolutePath(), Optional.empty(), "write the path of its stats socket");
    Optional<String> backend =
        item.need("backend", backend(), Optional.empty(), "write the name of its backend");
    return socket.isEmpty() || backend.isEmpty()
        ? Optional.empty()
        : Optional.of(new Proxy.HaProxy(id, socket.get(), backend.get()));
  }

  private Optional<Proxy.PgPool> pgpool(MemberId id, Section item) {
    Optional<Proxy.Console> console = console(item, 9898, "pgpool");
    Optional<Path> gate =
        item.need(
            "gate",
            Forms.absolutePath(),
            Optional.empty(),
            "write a path of this machine beside which its gate may lie");
    return console.isEmpty() || gate.isEmpty()
        ? Optional.empty()
        : Optional.of(new Proxy.PgPool(id, console.get(), gate.get()));
  }

  private Optional<Proxy.Console> console(Section item, int standardPort, String standardUser) {
    String host = item.get("host", Forms.host(), Value.standard("127.0.0.1", "127.0.0.1"));
    int port =
        item.get(
            "port",
            Forms.whole(1, 65_535),
            Value.standard(standardPort, String.valueOf(standardPort)));
    String user = item.get("user", Forms.role(), Value.standard(standardUser, standardUser));
    Optional<Secret> password = item.secret("password", secrets);
    return password.map(secret -> new Proxy.Console(host, port, user, secret));
  }

  private static Form<String> database() {
    return text ->
        DATABASE.matcher(text).matches()
            ? fit(text)
            : unfit(
                Quote.of(text) + " is not the name of a database",
                "use 1 to 63 of A-Z a-z 0-9 _ - and begin with a letter");
  }

  private static Form<String> parameters() {
    return text -> {
      if (OWNED.matcher(text).find()) {
        return unfit(
            "says where the database leads, or a password",
            "leave host, port and password out: use pgbouncer's auth_file or auth_query");
      }
      return PARAMETERS.matcher(text).matches()
          ? fit(text)
          : unfit(
              "is no list of pgbouncer's parameters",
              "write NAME=VALUE with single blanks between them");
    };
  }

  private static Form<String> backend() {
    return text ->
        BACKEND.matcher(text).matches()
            ? fit(text)
            : unfit(Quote.of(text) + " is not the name of a backend", "use A-Z a-z 0-9 . : _ -");
  }
}
