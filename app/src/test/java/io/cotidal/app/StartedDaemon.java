package io.cotidal.app;

import io.cotidal.app.config.Configuration;
import io.cotidal.app.config.Rereading;
import java.io.IOException;
import java.nio.file.Files;

/** A daemon in this process, for tests of other packages. */
public final class StartedDaemon implements AutoCloseable {
  private final Configuration configuration;
  private final Rereading file;
  private Wiring wiring;

  /** Starts it. */
  public StartedDaemon(Configuration configuration) throws StartFailure {
    this(configuration, Rereading.NONE);
  }

  /** The same, with the file in which its configuration is found again. */
  public StartedDaemon(Configuration configuration, Rereading file) throws StartFailure {
    this.configuration = configuration;
    this.file = file;
    this.wiring = Wiring.start(configuration, "test", file);
  }

  /** Stops it and starts another one in its place. */
  public void again() throws StartFailure {
    wiring.close();
    wiring = Wiring.start(configuration, "test", file);
  }

  /** The administrator's token. */
  public String token() throws IOException {
    return Files.readString(Wiring.tokenFile(configuration)).strip();
  }

  @Override
  public void close() {
    wiring.close();
  }
}
