package io.cotidal.app.copies;

import io.cotidal.cli.api.Node;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;

@DisplayName("copies of PostgreSQL 18, as databases of one server")
final class PostgresClonesIT extends CopiesScenarios {
  @Override
  String engine() {
    return "postgres";
  }

  @Override
  Map<String, String> keys() throws IOException {
    return CopiesLab.shared();
  }

  @Override
  Set<String> hosts(Set<String> generations) {
    return generations.stream().map(CopiesLab::host).collect(Collectors.toSet());
  }

  @Override
  String server(Node copy, String generation) {
    return CopiesLab.host(generation);
  }

  @Override
  int servers(int copies) {
    return 1;
  }
}
