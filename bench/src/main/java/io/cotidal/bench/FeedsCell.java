package io.cotidal.bench;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;

/** One thing about published datasets that is measured. */
@FunctionalInterface
interface FeedsCell {
  /** Measures it so often; starts what it needs, and ends it. */
  List<Line> run(int rounds) throws BenchProblem, IOException, SQLException;
}
