package io.cotidal.copies.plan;

import io.cotidal.copies.spec.CopiesSpec;
import io.cotidal.copies.spec.CopiesSpec.Allowance;
import io.cotidal.copies.spec.Schedule;
import io.cotidal.model.Mode;
import io.cotidal.model.ResourceId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Templates on paper. */
final class Paper {
  static final Allowance PLENTY =
      new Allowance(Duration.ZERO, Duration.ZERO, Duration.ZERO, 1000, 1000, 0);

  private Paper() {}

  static Allowance spares(int spares) {
    return new Allowance(Duration.ZERO, Duration.ZERO, Duration.ZERO, 1000, 1000, spares);
  }

  static CopiesSpec spec(Allowance allowance) {
    return spec(allowance, Optional.empty());
  }

  /** The same template, taken of a cluster. */
  static CopiesSpec taken(CopiesSpec of) {
    CopiesSpec.Template dumps = of.template();
    return new CopiesSpec(
        of.id(),
        of.mode(),
        of.database(),
        new CopiesSpec.Template(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            dumps.schedule(),
            dumps.hooks(),
            dumps.limit(),
            Optional.of(
                new CopiesSpec.From(new ResourceId("postgres", "orders"), Optional.empty())),
            List.of(),
            List.of()),
        of.storage(),
        of.allowance(),
        of.service());
  }

  /** The same template, made out of an archive. */
  static CopiesSpec archived(CopiesSpec of) {
    CopiesSpec.Template dumps = of.template();
    return new CopiesSpec(
        of.id(),
        of.mode(),
        of.database(),
        new CopiesSpec.Template(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            dumps.hooks(),
            dumps.limit(),
            Optional.empty(),
            List.of(Path.of("/srv/archive"), Path.of("/mnt/archive")),
            List.of()),
        of.storage(),
        of.allowance(),
        of.service());
  }

  static CopiesSpec spec(Allowance allowance, Optional<Schedule> schedule) {
    return new CopiesSpec(
        new ResourceId("copies", "shop"),
        Mode.MANAGE,
        new CopiesSpec.Database(
            "mariadb", "", Optional.empty(), "app", "app", Optional.empty(), 64),
        new CopiesSpec.Template(
            Optional.of(Path.of("/dumps/good.sql")),
            Optional.of(Path.of("/dumps")),
            Optional.empty(),
            schedule,
            List.of(),
            Duration.ofHours(12)),
        new CopiesSpec.Storage(Path.of("/srv/volume"), false, 1L << 30),
        allowance,
        new CopiesSpec.Service(
            CopiesSpec.Isolation.SERVER,
            "process",
            "",
            Path.of("/var/run/docker.sock"),
            "127.0.0.1",
            "127.0.0.1",
            20_000,
            29_999,
            200_000));
  }
}
