package io.cotidal.feeds.steps;

import io.cotidal.feeds.spec.FeedsSpec;
import java.nio.file.Path;

/** Where a replica keeps what is its own: beside the contents of its cache. */
final class Layout {
  private Layout() {}

  private static Path own(FeedsSpec spec) {
    return spec.transfer().cache().resolve("replica").resolve(spec.id().name());
  }

  /** Locks, and the newest stamps. */
  static Path gates(FeedsSpec spec) {
    return own(spec).resolve("gates");
  }

  /** What lies there for a moment. */
  static Path scratch(FeedsSpec spec) {
    return own(spec).resolve("scratch");
  }

  /** The program that stands for ssh, and its settings. */
  static Path ssh(FeedsSpec spec) {
    return own(spec).resolve("ssh");
  }

  /** What the master has not heard yet. */
  static Path reports(FeedsSpec spec) {
    return own(spec).resolve("reports");
  }

  /** Which rules of access each GeoServer was given last. */
  static Path rules(FeedsSpec spec) {
    return own(spec).resolve("rules");
  }
}
