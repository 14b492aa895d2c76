package io.cotidal.feeds.transfer;

import java.nio.file.Path;

/** What came of one of many files. */
public sealed interface Fetched {
  /** It lies there, verified. */
  record Here(Path path) implements Fetched {}

  /** It did not come. */
  record Failed(TransferException problem) implements Fetched {}
}
