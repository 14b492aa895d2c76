package io.cotidal.sources.port;

import java.time.Duration;

/** Stand-in. */
public interface MemberSource extends AutoCloseable {
  /** Stand-in. */
  SourceAnswer ask(Duration patience);

  /** Stand-in. */
  String describe();

  @Override
  void close();
}
