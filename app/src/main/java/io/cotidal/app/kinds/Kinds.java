package io.cotidal.app.kinds;

import io.cotidal.app.config.ConfigurationReader;
import io.cotidal.app.config.KindSection;
import io.cotidal.model.Action;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The kinds of this build. */
public final class Kinds {
  /** A line each. */
  public static final List<Wing> ALL =
      List.of(
          new PostgresWing(),
          new CopiesWing(),
          new DirectoryWing(),
          new FeedsWing(),
          new ObjectsWing());

  private Kinds() {}

  /** What can be asked of resources of any kind. */
  public static List<Action> actions() {
    return ALL.stream().flatMap(wing -> wing.actions().stream()).toList();
  }

  /** How the configuration of each is read. */
  public static List<KindSection<?>> sections() {
    return ALL.stream().<KindSection<?>>map(Wing::section).toList();
  }

  /** Reads configurations with all of them in a process of this environment. */
  public static ConfigurationReader reader(
      Map<String, String> flags, Map<String, String> environment, Path workingFolder) {
    return new ConfigurationReader(sections(), flags, environment, workingFolder);
  }
}
