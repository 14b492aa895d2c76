package io.cotidal.app.config;

import io.cotidal.copies.compat.MyaasEnvironment;
import io.cotidal.copies.compat.MyaasSettings;
import io.cotidal.copies.spec.CopiesSpec;
import io.cotidal.model.Mode;
import io.cotidal.model.Permission;
import io.cotidal.model.ResourceId;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The environment of the original of the kind copies as a whole configuration of that kind: what
 * its variables said before, they say here.
 */
final class OriginalEnvironment {
  private static final int MEMORY = 64;
  private static final int MOST = 1_000;
  private static final int FIRST_PORT = 20_000;
  private static final int LAST_PORT = 29_999;
  private static final int FIRST_UID = 200_000;
  private static final long RESERVE = 1L << 30;
  private static final Duration LIMIT = Duration.ofHours(12);
  private static final int PORT = 5_001;
  private static final List<String> IMAGES =
      List.of("MYAAS_MYSQL_IMAGE", "MYSQL_DOCKER_IMAGE", "MYAAS_POSTGRES_IMAGE");

  private final Map<String, String> environment;
  private final Report report;
  private final Variables variables;

  OriginalEnvironment(Map<String, String> environment, Report report) {
    this.environment = environment;
    this.report = report;
    this.variables = new Variables(environment, report);
  }

  /** What it comes to; what is wrong is reported. */
  Templates read() {
    return switch (MyaasEnvironment.read(environment)) {
      case MyaasEnvironment.Reading.Invalid invalid -> {
        invalid
            .problems()
            .forEach(problem ->
                report.problem(
                    Place.file("environment"), "copies", problem, "see docs/db-replicator.md"));
        yield Templates.NONE;
      }
      case MyaasEnvironment.Reading.Valid valid -> {
        variables.explain("copies", valid.report());
        yield new Templates(
            List.of(),
            Optional.of(prototype(valid.settings())),
            Optional.of(compat(valid.settings())));
      }
    };
  }

  private CopiesSpec prototype(MyaasSettings settings) {
    MyaasSettings.Database database = settings.database();
    MyaasSettings.Service service = settings.service();
    // Without an image of the operator's choice nobody could pull the original's: run programs.
    boolean containers = IMAGES.stream().anyMatch(variables::set);
    Path volume = settings.folders().volume();
    return new CopiesSpec(
        new ResourceId("copies", "folder"),
        Mode.MANAGE,
        new CopiesSpec.Database(
            database.engine(),
            "",
            Optional.empty(),
            database.name(),
            database.user(),
            database.password(),
            database.memoryMegabytes().orElse(MEMORY)),
        new CopiesSpec.Template(
            Optional.empty(),
            Optional.of(settings.folders().dumps()),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            LIMIT),
        new CopiesSpec.Storage(volume, true, RESERVE),
        new CopiesSpec.Allowance(settings.ttl(), Duration.ZERO, Duration.ZERO, MOST, MOST, 0),
        new CopiesSpec.Service(
            CopiesSpec.Isolation.SERVER,
            containers ? "docker" : "process",
            containers ? service.image() : "",
            service.socket(),
            service.listen(),
            service.host(),
            FIRST_PORT,
            LAST_PORT,
            FIRST_UID));
  }

  private Templates.Compat compat(MyaasSettings settings) {
    InetSocketAddress standard = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), PORT);
    InetSocketAddress listen =
        variables.get("COT_COPIES_COMPAT_LISTEN", "copies.compat.listen", Forms.listen(), standard);
    Optional<Permission> anonymous =
        !variables.set("COT_COPIES_ANONYMOUS_AS")
            ? Optional.empty()
            : Optional.of(
                variables.get(
                    "COT_COPIES_ANONYMOUS_AS",
                    "copies.compat.anonymous-as",
                    Forms.word(Permission.class),
                    Permission.VIEWER));
    if (anonymous.filter(Permission.ADMIN::equals).isPresent()) {
      report.problem(
          Place.environment("COT_COPIES_ANONYMOUS_AS"),
          "copies.compat.anonymous-as",
          "nobody in particular hands out tokens",
          "write viewer, user or operator");
    }
    return new Templates.Compat(listen, anonymous, settings.service().prefix(), settings.debug());
  }
}
