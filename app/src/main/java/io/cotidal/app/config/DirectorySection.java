package io.cotidal.app.config;

import static io.cotidal.app.config.Form.fit;
import static io.cotidal.app.config.Form.unfit;

import io.cotidal.directory.spec.Access;
import io.cotidal.directory.spec.DirectorySpec;
import io.cotidal.directory.spec.DistinguishedName;
import io.cotidal.directory.spec.Guards;
import io.cotidal.directory.spec.Replication;
import io.cotidal.directory.spec.Security;
import io.cotidal.directory.spec.Server;
import io.cotidal.directory.spec.Topology;
import io.cotidal.model.Details;
import io.cotidal.model.Mode;
import io.cotidal.model.Names;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Secret;
import io.cotidal.sources.spec.SourceSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads one directory below {@code directory}. */
final class DirectorySection {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration DAY = Duration.ofDays(1);
  private static final String ADMINISTRATOR = "cn=Directory Manager";
  private static final String MANAGER = "cn=replication manager,cn=config";

  private final Section section;
  private final Secrets secrets;
  private final DirectoryModules modules = new DirectoryModules();

  DirectorySection(Section section, Secrets secrets) {
    this.section = section;
    this.secrets = secrets;
  }

  /** An access with what belongs to it and to nothing else. */
  private record Door(Access access, int port) {}

  /** The directory; empty if something of it is wrong, and then reported. */
  Optional<Directories.Directory> read(String name) {
    if (!Names.valid(name)) {
      section.reject(
          "is not a name", "use 1 to 63 of a-z 0-9 . _ - and begin with a letter or digit");
    }
    Mode mode =
        section.get("mode", Forms.word(Mode.class), Value.standard(Mode.OBSERVE, "observe"));
    String target = section.get("target", modules.target(), Value.standard("389ds", "389ds"));
    Optional<String> suffix =
        section.need("suffix", dn(), Optional.empty(), "write suffix: \"dc=example,dc=org\"");
    Topology topology = topology();
    Door door = access();
    Replication replication = replication(door.access());
    Guards guards = guards();
    Duration tick = duration(section, "tick", Duration.ofSeconds(5), SECOND, DAY);
    Duration deadline =
        duration(section, "deadline", Duration.ofSeconds(10), SECOND, Duration.ofMinutes(5));
    List<Server> servers = new DirectoryMembers(section).read();
    Optional<SourceSpec> source =
        section.section("source").flatMap(new SourceSection(secrets, tick)::read);
    if (section.has("members") == section.has("source")) {
      section.problem(
          section.has("source") ? "source" : "members",
          section.has("source") ? "stands beside members" : "is missing",
          "write members, or a source that names them");
    }
    section.close();
    if (!Names.valid(name) || suffix.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Directories.Directory(
            new DirectorySpec(
                new ResourceId("directory", name),
                mode,
                ported(servers, door.port()),
                target,
                suffix.get(),
                topology,
                door.access(),
                replication,
                guards,
                tick,
                deadline),
            source,
            door.port()));
  }

  private static List<Server> ported(List<Server> servers, int port) {
    return servers.stream()
        .map(each ->
            each.port() == 0 ? new Server(each.id(), each.host(), port, each.labels()) : each)
        .toList();
  }

  private Topology topology() {
    String graph = section.get("topology", modules.graph(), Value.standard("fullmesh", "fullmesh"));
    Map<String, String> parameters = section.texts("parameters", parameterName(), parameter());
    Details details = Details.copyOf(parameters);
    try {
      modules.check(graph, details);
    } catch (IllegalArgumentException e) {
      section.problem(
          section.has("parameters") ? "parameters" : "topology",
          String.valueOf(e.getMessage()),
          "see docs/directory.md");
    }
    return new Topology(graph, details);
  }

  private Door access() {
    Section access = part("access");
    Security security =
        access.get("security", security(), Value.standard(Security.STARTTLS, "starttls"));
    int port = port(access);
    String authorities = new Authorities(access).read();
    String bindDn = access.get("bind-dn", dn(), Value.standard(ADMINISTRATOR, ADMINISTRATOR));
    Optional<Secret> password = access.secret("password", secrets);
    access.closeDiscreetly();
    return new Door(
        new Access(security, authorities, bindDn, password.orElse(new Secret(""))), port);
  }

  private static int port(Section section) {
    return section.get("port", Forms.whole(1, 65_535), Value.standard(0, "(the usual one)"));
  }

  private Replication replication(Access access) {
    Section replication = part("replication");
    Security security =
        replication.get("security", security(), Value.standard(access.security(), "(as access)"));
    int port = port(replication);
    boolean otherPort = security == Security.LDAPS ^ access.security() == Security.LDAPS;
    if (otherPort && port == 0) {
      replication.problem(
          "port",
          "is missing: servers take " + security.word() + " on another port than Cotidal uses",
          "write port: " + security.usualPort() + " for example");
    }
    Replication read =
        new Replication(
            security,
            port,
            replication.get("bind-dn", dn(), Value.standard(MANAGER, MANAGER)),
            replication.secret("password", secrets).orElse(new Secret("")),
            pause(replication, "backoff"),
            pause(replication, "longest-backoff"),
            replication.get("adopt", prefix(), Value.standard("", "(none)")));
    if (read.longestBackoff().compareTo(read.backoff()) < 0 && !read.longestBackoff().isZero()) {
      replication.problem(
          "longest-backoff", "is shorter than backoff", "write the longer one here");
    }
    replication.closeDiscreetly();
    return read;
  }

  private static Duration pause(Section section, String key) {
    return section.get(
        key,
        whole(Forms.duration(SECOND, Duration.ofHours(1))),
        Value.standard(Duration.ZERO, "(the server's own)"));
  }

  /** Servers count these in seconds. */
  private static Form<Duration> whole(Form<Duration> form) {
    return text ->
        switch (form.read(text)) {
          case Form.Read.Fit<Duration> fit when fit.value().toMillisPart() != 0 ->
              unfit(text + " is no whole number of seconds", "write for example 3s");
          case Form.Read<Duration> read -> read;
        };
  }

  private Guards guards() {
    Section guards = part("guards");
    Guards standard = Guards.DEFAULT;
    Guards read =
        new Guards(
            duration(guards, "grace", standard.grace(), Duration.ZERO, Duration.ofDays(30)),
            guards.get(
                "reinitialise",
                Forms.flag(),
                Value.standard(standard.reinitialise(), String.valueOf(standard.reinitialise()))),
            duration(guards, "skew", standard.skew(), SECOND, DAY),
            duration(guards, "lag", standard.lag(), SECOND, DAY));
    guards.close();
    return read;
  }

  private Section part(String key) {
    return section.section(key).orElseGet(() -> section.absent(key));
  }

  private static Duration duration(
      Section section, String key, Duration standard, Duration least, Duration most) {
    return section.get(
        key, Forms.duration(least, most), Value.standard(standard, Durations.show(standard)));
  }

  private static Form<Security> security() {
    return text -> {
      for (Security each : Security.values()) {
        if (each.word().equals(text)) {
          return fit(each);
        }
      }
      return unfit(Quote.of(text) + " is not known", "write starttls, ldaps or plain");
    };
  }

  private static Form<String> dn() {
    return text ->
        DistinguishedName.valid(text)
            ? fit(text)
            : unfit(
                Quote.of(text) + " is no distinguished name",
                "write for example \"dc=example,dc=org\", a comma within a value as \\,");
  }

  private static Form<String> parameterName() {
    return text ->
        text.matches("[a-z][a-z-]{0,30}")
            ? fit(text)
            : unfit("is no parameter of a topology", "see docs/directory.md");
  }

  private static Form<String> parameter() {
    return text ->
        text.length() <= 100_000 && text.chars().noneMatch(Character::isISOControl)
            ? fit(text)
            : unfit("is no parameter of a topology", "write one line");
  }

  private static Form<String> prefix() {
    return text ->
        text.matches("[A-Za-z0-9][A-Za-z0-9 ._-]{0,62}")
            ? fit(text)
            : unfit(
                Quote.of(text) + " is no beginning of an agreement's name",
                "write for example meTo");
  }
}
