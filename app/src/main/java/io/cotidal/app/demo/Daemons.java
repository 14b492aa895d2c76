package io.cotidal.app.demo;

import io.cotidal.runtime.ControlPlane;
import java.net.URI;
import java.nio.file.Path;

/** Starts daemons in this JVM. */
@FunctionalInterface
public interface Daemons {
  /**
   * Starts one.
   *
   * @param configuration its file
   * @throws DemoProblem if the configuration is refused, or the daemon cannot run
   */
  Running start(Path configuration) throws DemoProblem;

  /** A daemon that runs. */
  interface Running extends AutoCloseable {
    /** Its resources. */
    ControlPlane control();

    /** A link that signs one browser in to its page, once. */
    URI link();

    /** Stops it in order; the members run on. */
    @Override
    void close();
  }
}
