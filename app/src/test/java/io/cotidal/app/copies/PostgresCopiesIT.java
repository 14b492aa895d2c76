package io.cotidal.app.copies;

import org.junit.jupiter.api.DisplayName;

@DisplayName("copies of PostgreSQL 15")
final class PostgresCopiesIT extends CopiesScenarios {
  @Override
  String engine() {
    return "postgres";
  }
}
