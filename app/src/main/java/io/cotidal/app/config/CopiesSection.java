package io.cotidal.app.config;

import static io.cotidal.app.config.Form.fit;
import static io.cotidal.app.config.Form.unfit;

import io.cotidal.copies.spec.CopiesSpec;
import io.cotidal.copies.spec.Schedule;
import io.cotidal.model.MemberId;
import io.cotidal.model.Mode;
import io.cotidal.model.Names;
import io.cotidal.model.ResourceId;
import java.net.InetAddress;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads one template below {@code copies}. */
final class CopiesSection {
  private static final Duration YEAR = Duration.ofDays(365);
  private static final long GIGABYTE = 1L << 30;

  private static final long LEAST_QUOTA = 64L << 20;

  /** The first PostgreSQL that clones a database's files. */
  private static final int CLONES = 18;

  private static final String ARCHIVE = "from-archive";

  private static final Path DOCKER = Path.of("/var/run/docker.sock");

  private final Section section;
  private final Secrets secrets;

  CopiesSection(Section section, Secrets secrets) {
    this.section = section;
    this.secrets = secrets;
  }

  /** The template; empty if something of it is wrong, and then reported. */
  Optional<CopiesSpec> read(String name) {
    if (!Names.valid(name)) {
      section.reject(
          "is not a name", "use 1 to 63 of a-z 0-9 . _ - and begin with a letter or digit");
    }
    Mode mode =
        section.get("mode", Forms.word(Mode.class), Value.standard(Mode.OBSERVE, "observe"));
    CopiesSpec.Database database = database();
    CopiesSpec.Template template = template(database.name());
    if (template.from().isPresent() && !database.engine().equals("postgres")) {
      section.problem("from", "is a PostgreSQL cluster", "write engine: postgres");
    }
    if (!template.archive().isEmpty() && !database.engine().equals("postgres")) {
      section.problem(ARCHIVE, "is of a PostgreSQL cluster", "write engine: postgres");
    }
    Optional<CopiesSpec.Storage> storage = storage();
    CopiesSpec.Allowance allowance = allowance();
    CopiesSpec.Service service = service();
    if (service.isolation() == CopiesSpec.Isolation.DATABASE) {
      shared(database, storage, allowance, service);
    }
    section.close();
    if (!Names.valid(name) || storage.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new CopiesSpec(
            new ResourceId("copies", name),
            mode,
            database,
            template,
            storage.get(),
            allowance,
            service));
  }

  /** What does not go together with copies that are databases of one server. */
  private void shared(
      CopiesSpec.Database database,
      Optional<CopiesSpec.Storage> storage,
      CopiesSpec.Allowance allowance,
      CopiesSpec.Service service) {
    String version = database.version();
    String major = version.contains(".") ? version.substring(0, version.indexOf('.')) : version;
    if (!database.engine().equals("postgres")) {
      unshared("works with PostgreSQL alone", "write engine: postgres, or isolation: server");
    } else if (!major.isEmpty() && Integer.parseInt(major) < CLONES) {
      unshared(
          "needs PostgreSQL " + CLONES + " or newer",
          "write version: " + CLONES + ", or isolation: server");
    }
    if (service.runtime().equals("docker")) {
      unshared("does not work in containers", "write runtime: process, or isolation: server");
    }
    if (storage.isPresent() && storage.get().quotaBytes() > 0) {
      unshared("has no quota for each copy: they share the files of one server", "leave quota out");
    }
    if (allowance.spares() > 0) {
      unshared("has no spares: a database cannot be paused", "leave spares out");
    }
    if (storage.isPresent() && storage.get().links()) {
      unshared("has no folder for each copy that a link could lead to", "leave links out");
    }
  }

  private void unshared(String reason, String remedy) {
    section.problem("isolation", "database " + reason, remedy);
  }

  private CopiesSpec.Database database() {
    return new CopiesSpec.Database(
        section.get("engine", Forms.name(), Value.standard("mariadb", "mariadb")),
        section.get("version", version(), Value.standard("", "(the newest there is)")),
        path("server", "(looked for)"),
        section.get("database", Forms.role(), Value.standard("app", "app")),
        section.get("user", Forms.role(), Value.standard("app", "app")),
        section.has("password") ? section.secret("password", secrets) : Optional.empty(),
        section.get("memory", Forms.whole(8, 65_536), Value.standard(64, "64")));
  }

  private CopiesSpec.Template template(String database) {
    List<Path> hooks = new ArrayList<>();
    for (Section hook : section.items("hooks")) {
      hook.need("sql", Forms.absolutePath(), Optional.empty(), "write sql: PATH")
          .ifPresent(hooks::add);
      hook.close();
    }
    return new CopiesSpec.Template(
        path("dump", "(each import names one)"),
        path("dumps", "(anywhere)"),
        section.get(
            "charset", charset(), Value.standard(Optional.empty(), "(the engine's standard)")),
        section.get(
            "schedule", schedule(), Value.standard(Optional.empty(), "(only when asked for)")),
        hooks,
        section.get(
            "import-limit",
            Forms.duration(Duration.ofSeconds(1), Duration.ofDays(7)),
            Value.standard(Duration.ofHours(12), "12h")),
        from(),
        archive(),
        checks(database));
  }

  private List<Path> archive() {
    if (!section.has(ARCHIVE)) {
      return List.of();
    }
    for (String key : List.of("dump", "dumps", "charset", "from", "schedule")) {
      if (section.has(key)) {
        section.problem(
            key,
            "does not go with " + ARCHIVE + ", of which somebody asks for a time",
            "remove " + key + " or remove " + ARCHIVE);
      }
    }
    return section.section(ARCHIVE).map(ArchiveSection::folders).orElse(List.of());
  }

  /** Before masks, and for what is not a dump: that is what it is. */
  private List<CopiesSpec.Check> checks(String database) {
    List<CopiesSpec.Check> checks = new ArrayList<>();
    for (Section item : section.items("checks")) {
      ArchiveSection.check(item, database)
          .map(check -> new CopiesSpec.Check(check.database(), check.query(), check.answer()))
          .ifPresent(checks::add);
    }
    if (section.has("checks") && !section.has("from") && !section.has(ARCHIVE)) {
      section.problem(
          "checks", "are of a cluster's data", "write from or " + ARCHIVE + ", or remove checks");
    }
    return checks;
  }

  private Optional<CopiesSpec.From> from() {
    Optional<ResourceId> resource =
        section.get("from", cluster(), Value.standard(Optional.empty(), "(dumps)"));
    Optional<MemberId> member =
        section.get(
            "from-member",
            text -> Names.valid(text) ? fit(Optional.of(new MemberId(text))) : unfitName(text),
            Value.standard(Optional.empty(), "(any replica that fits)"));
    for (String key : List.of("dump", "dumps", "charset")) {
      if (section.has("from") && section.has(key)) {
        section.problem(
            key, "is of dumps, and from names a cluster", "remove " + key + " or remove from");
      }
    }
    if (section.has("from-member") && !section.has("from")) {
      section.problem("from-member", "needs from", "write from: postgres/NAME or remove it");
    }
    return resource.map(id -> new CopiesSpec.From(id, member));
  }

  private static Form.Read<Optional<MemberId>> unfitName(String text) {
    return unfit(
        Quote.of(text) + " is not a name",
        "use 1 to 63 of a-z 0-9 . _ - and begin with a letter or digit");
  }

  private static Form<Optional<ResourceId>> cluster() {
    return text -> {
      String name = text.startsWith("postgres/") ? text.substring("postgres/".length()) : "";
      return Names.valid(name)
          ? fit(Optional.of(new ResourceId("postgres", name)))
          : unfit(Quote.of(text) + " is not a cluster", "write for example postgres/orders");
    };
  }

  private Optional<CopiesSpec.Storage> storage() {
    Optional<Path> volume =
        section.need(
            "volume",
            Forms.absolutePath(),
            Optional.empty(),
            "write the absolute path of a folder, best on btrfs or XFS");
    boolean links = section.get("links", Forms.flag(), Value.standard(false, "false"));
    long reserve = section.get("reserve", Forms.bytes(), Value.standard(GIGABYTE, "1GiB"));
    long upload =
        section.get(
            "upload-limit", Forms.bytes(), Value.standard(CopiesSpec.Storage.UPLOAD, "100GiB"));
    long quota = section.get("quota", quota(), Value.standard(0L, "(none)"));
    return volume.map(root -> new CopiesSpec.Storage(root, links, reserve, upload, quota));
  }

  private CopiesSpec.Allowance allowance() {
    return new CopiesSpec.Allowance(
        lifetime("ttl", Duration.ofDays(1), "24h"),
        lifetime("longest", Duration.ZERO, "0s"),
        lifetime("idle", Duration.ZERO, "0s"),
        section.get("copies", Forms.whole(1, 10_000), Value.standard(100, "100")),
        section.get("per-owner", Forms.whole(1, 10_000), Value.standard(100, "100")),
        section.get("spares", Forms.whole(0, 1_000), Value.standard(0, "0")));
  }

  private CopiesSpec.Service service() {
    CopiesSpec.Isolation isolation =
        section.get(
            "isolation",
            Forms.word(CopiesSpec.Isolation.class),
            Value.standard(CopiesSpec.Isolation.SERVER, "server"));
    String runtime = section.get("runtime", runtime(), Value.standard("process", "process"));
    String image = section.get("image", image(), Value.standard("", "(none)"));
    if (runtime.equals("docker") && !section.has("image")) {
      section.problem("image", "is missing", "write the image that serves the data");
    }
    String listen = section.get("listen", address(), Value.standard("127.0.0.1", "127.0.0.1"));
    int first = section.get("first-port", port(), Value.standard(20_000, "20000"));
    int last = section.get("last-port", port(), Value.standard(29_999, "29999"));
    if (last < first) {
      section.problem("last-port", "is lower than first-port", "write the higher one here");
    }
    return new CopiesSpec.Service(
        isolation,
        runtime,
        image,
        section.get("socket", Forms.absolutePath(), Value.standard(DOCKER, DOCKER.toString())),
        listen,
        section.get("host", Forms.host(), Value.standard(listen, listen)),
        first,
        last,
        section.get(
            "first-uid", Forms.whole(1_000, 900_000_000), Value.standard(200_000, "200000")));
  }

  private static Form<String> runtime() {
    return text ->
        List.of("process", "docker").contains(text)
            ? fit(text)
            : unfit(Quote.of(text) + " is not known", "write process or docker");
  }

  /** A name could change its meaning, or mean several: servers listen on one address. */
  private static Form<String> address() {
    return text -> {
      try {
        return fit(InetAddress.ofLiteral(text).getHostAddress());
      } catch (IllegalArgumentException e) {
        return unfit(
            Quote.of(text) + " is not an IP address", "write for example 127.0.0.1 or 10.0.0.5");
      }
    };
  }

  /** A server that cannot even start on its copy helps nobody. */
  private static Form<Long> quota() {
    return text ->
        switch (Forms.bytes().read(text)) {
          case Form.Read.Fit<Long> bytes when bytes.value() < LEAST_QUOTA ->
              unfit(text + " is too little for a server", "write at least 64MiB, or leave it out");
          case Form.Read<Long> read -> read;
        };
  }

  private static Form<Integer> port() {
    return Forms.whole(1_024, 65_535);
  }

  private Duration lifetime(String key, Duration standard, String shown) {
    return section.get(key, Forms.duration(Duration.ZERO, YEAR), Value.standard(standard, shown));
  }

  private Optional<Path> path(String key, String shown) {
    Form<Optional<Path>> form =
        text ->
            switch (Forms.absolutePath().read(text)) {
              case Form.Read.Fit<Path> path -> fit(Optional.of(path.value()));
              case Form.Read.Unfit<Path> unfit -> unfit(unfit.reason(), unfit.remedy());
            };
    return section.get(key, form, Value.standard(Optional.empty(), shown));
  }

  private static Form<String> version() {
    return text ->
        text.matches("[0-9]{1,4}(\\.[0-9]{1,4}){0,3}")
            ? fit(text)
            : unfit(Quote.of(text) + " is not a version", "write for example 18 or 10.11");
  }

  private static Form<String> image() {
    return text ->
        text.matches("[a-z0-9][a-z0-9._/:@-]{0,254}")
            ? fit(text)
            : unfit(Quote.of(text) + " is not an image", "write name:tag as docker takes it");
  }

  private static Form<Optional<Charset>> charset() {
    return text -> {
      try {
        return fit(Optional.of(Charset.forName(text)));
      } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
        return unfit(Quote.of(text) + " is not a charset", "write for example utf-8 or iso-8859-1");
      }
    };
  }

  private static Form<Optional<Schedule>> schedule() {
    return text -> {
      try {
        return fit(Optional.of(Schedule.parse(text)));
      } catch (IllegalArgumentException e) {
        return unfit("is no schedule: " + e.getMessage(), "write minute hour day month weekday");
      }
    };
  }
}
