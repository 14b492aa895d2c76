package io.cotidal.app;

import io.cotidal.app.config.Loaded;
import io.cotidal.app.demo.Daemons;
import io.cotidal.app.demo.DemoProblem;
import io.cotidal.app.kinds.Kinds;
import io.cotidal.runtime.ControlPlane;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;

/**
 * The daemons of the demo and of the measurements: the same object graph as {@code cot serve} has.
 */
public final class DaemonsHere implements Daemons {
  private final String version;

  /** Daemons of a build of that version. */
  public DaemonsHere(String version) {
    this.version = version;
  }

  @Override
  public Running start(Path configuration) throws DemoProblem {
    Path folder = configuration.toAbsolutePath().resolveSibling("");
    // What the environment says is for `cot serve`; here the file says everything.
    Loaded loaded = Kinds.reader(Map.of(), Map.of(), folder).read(configuration);
    return switch (loaded) {
      case Loaded.Invalid invalid ->
          throw new DemoProblem("the demo's own configuration is refused: " + invalid.problems());
      case Loaded.Valid valid -> {
        try {
          yield new Here(Wiring.start(valid.configuration(), version));
        } catch (StartFailure e) {
          throw new DemoProblem(String.valueOf(e.getMessage()), e);
        }
      }
    };
  }

  private record Here(Wiring wiring) implements Running {
    @Override
    public ControlPlane control() {
      return wiring.control();
    }

    @Override
    public URI link() {
      return wiring.link();
    }

    @Override
    public void close() {
      wiring.close();
    }
  }
}
