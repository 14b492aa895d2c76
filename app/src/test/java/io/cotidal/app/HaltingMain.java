package io.cotidal.app;

import io.cotidal.app.config.Loaded;
import io.cotidal.app.kinds.Kinds;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** The daemon on a {@link HaltingStore}. Arguments: the configuration, and the order's file. */
public final class HaltingMain {
  private HaltingMain() {}

  /** Runs until it is killed. */
  public static void main(String[] args) throws StartFailure, InterruptedException {
    Path configuration = Path.of(args[0]);
    Path order = Path.of(args[1]);
    Loaded loaded = Kinds.reader(Map.of(), Map.of(), configuration.getParent()).read(configuration);
    if (!(loaded instanceof Loaded.Valid valid)) {
      throw new IllegalArgumentException(loaded.toString());
    }
    try (Wiring wiring =
        Wiring.start(valid.configuration(), "test", store -> new HaltingStore(store, order))) {
      new CountDownLatch(1).await();
      throw new IllegalStateException("woken without a reason: " + wiring.uri());
    }
  }
}
