package io.cotidal.bench;

import java.io.IOException;
import java.util.List;

/** One thing about object containers that is measured. */
@FunctionalInterface
interface ObjectsCell {
  /** Measures it so often; starts what it needs, and ends it. */
  List<Line> run(int rounds) throws BenchProblem, IOException;
}
