package io.cotidal.app.config;

import io.cotidal.directory.compat.AutorepEnvironment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads what stands below {@code directory}. Where nothing stands there, the original's own
 * variables may say it.
 */
public final class DirectoriesSection extends KindSection<Directories> {
  /** The section. */
  public DirectoriesSection() {
    super("directory", Directories.class);
  }

  @Override
  boolean meant(Map<String, String> environment) {
    return AutorepEnvironment.isMeant(environment);
  }

  @Override
  Directories read(Section root, Given given) {
    if (!root.has(key()) && meant(given.environment())) {
      return new AutorepConfiguration(given).read();
    }
    List<Directories.Directory> directories = new ArrayList<>();
    root.named(key())
        .forEach((name, section) ->
            new DirectorySection(section, given.secrets()).read(name).ifPresent(directories::add));
    return new Directories(directories, false, List.of());
  }
}
