package io.cotidal.app.copies;

import org.junit.jupiter.api.DisplayName;

@DisplayName("copies of MariaDB 10.11")
final class MariaDbCopiesIT extends CopiesScenarios {
  @Override
  String engine() {
    return "mariadb";
  }
}
