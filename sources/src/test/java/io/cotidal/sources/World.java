package io.cotidal.sources;

import io.cotidal.sources.spec.Habits;
import io.cotidal.sources.spec.SourceSpec;
import java.io.IOException;

/** What a source is asked of in a test: it can name members, fail, hang, and be empty. */
interface World extends AutoCloseable {
  /** The source that reads this world. */
  SourceSpec spec(Habits habits) throws Exception;

  /** From now on these addresses are the members. */
  void names(String... addresses) throws Exception;

  /** From now on the source cannot answer. */
  void fails() throws Exception;

  /** From now on questions are taken and not answered, as far as such a source can hang. */
  void hangs() throws Exception;

  @Override
  void close() throws IOException;
}
