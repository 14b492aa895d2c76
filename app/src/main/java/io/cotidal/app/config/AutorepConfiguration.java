package io.cotidal.app.config;

import io.cotidal.directory.compat.AutorepEnvironment;
import io.cotidal.directory.compat.AutorepSettings;
import io.cotidal.directory.spec.DirectorySpec;
import io.cotidal.directory.spec.Guards;
import io.cotidal.sources.roll.Reference;
import io.cotidal.sources.spec.Habits;
import io.cotidal.sources.spec.SourceSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The environment of the original of the kind directory as a whole configuration of that kind: what
 * its variables said before, they say here.
 */
final class AutorepConfiguration {
  private static final String KEY = "directory";
  private static final String NAMED = "directory.autorep.";

  private final KindSection.Given given;
  private final Variables variables;

  AutorepConfiguration(KindSection.Given given) {
    this.given = given;
    this.variables = new Variables(given.environment(), given.report());
  }

  /** What it comes to; what is wrong is reported. */
  Directories read() {
    DirectoryModules modules = new DirectoryModules();
    return switch (AutorepEnvironment.read(
        given.environment(),
        new AutorepEnvironment.Modules(modules.targets(), modules.simpleGraphs()))) {
      case AutorepEnvironment.Reading.Invalid invalid -> {
        invalid
            .problems()
            .forEach(problem ->
                given
                    .report()
                    .problem(Place.file("environment"), KEY, problem, "see docs/autorep.md"));
        yield Directories.NONE;
      }
      case AutorepEnvironment.Reading.Valid valid -> {
        variables.explain(KEY, valid.report());
        yield new Directories(
            List.of(directory(valid.settings())), !valid.settings().turns(), valid.warnings());
      }
    };
  }

  private Directories.Directory directory(AutorepSettings settings) {
    DirectorySpec read = settings.spec();
    Guards guards = read.guards();
    Duration grace =
        variables.get(
            "COT_DIRECTORY_GRACE",
            NAMED + "guards.grace",
            Forms.duration(Duration.ZERO, Duration.ofDays(30)),
            guards.grace());
    return new Directories.Directory(
        new DirectorySpec(
            read.id(),
            read.mode(),
            read.servers(),
            read.target(),
            read.suffix(),
            read.topology(),
            read.access(),
            read.replication(),
            new Guards(grace, guards.reinitialise(), guards.skew(), guards.lag()),
            read.tick(),
            read.deadline()),
        Optional.of(source(settings)),
        settings.port());
  }

  /** The service may be asked elsewhere than at the name that only containers know. */
  private SourceSpec source(AutorepSettings settings) {
    AutorepSettings.Rancher rancher = settings.rancher();
    String url =
        variables.get(
            "COT_RANCHER_METADATA_URL",
            NAMED + "source.rancher.url",
            SourceKinds.url(),
            SourceSpec.Rancher.URL);
    return new SourceSpec.Rancher(
        url,
        rancher.version(),
        rancher.stack().isEmpty() ? rancher.service() : rancher.stack() + "/" + rancher.service(),
        switch (rancher.reference()) {
          case CONTAINERIP -> Reference.ADDRESS;
          case CONTAINERNAME -> Reference.NAME;
        },
        SourceSpec.RancherFilter.NONE,
        Habits.USUAL.every(settings.spec().tick()));
  }
}
