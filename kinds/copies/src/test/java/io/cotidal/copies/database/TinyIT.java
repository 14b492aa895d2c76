package io.cotidal.copies.database;

import io.cotidal.copies.database.tiny.TinyClient;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;

/** An engine that was written against the seam alone. */
@DisplayName("an engine of somebody else's")
final class TinyIT extends EngineConformance {
  @Override
  Rig rig() throws Exception {
    DatabaseEngine engine =
        ServiceLoader.load(DatabaseEngine.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(each -> each.name().equals("tiny"))
            .findFirst()
            .orElseThrow();
    return new Rig(engine, engine.locate(new Choice("", Optional.empty())));
  }

  @Override
  String dialect() {
    return "url";
  }

  @Override
  String table() {
    return "table\tcustomers\tid\temail\tname\n";
  }

  @Override
  String good() {
    return table()
        + "table\tempty\ta\n"
        + "row\tcustomers\t1\t"
        + CANARY
        + "\tA'b\n"
        + "row\tcustomers\t2\tb@example.org\t\n";
  }

  @Override
  String broken() {
    return good() + "row\tcustomers\t1\t" + CANARY + "\ttwice\n";
  }

  @Override
  String slow() {
    return "wait\t5000\n";
  }

  @Override
  String mask() {
    return "set\tcustomers\temail\t";
  }

  @Override
  SortedMap<String, Long> expected() {
    return new TreeMap<>(Map.of("shop_db.customers", 2L, "shop_db.empty", 0L));
  }

  @Override
  List<String> hostile() {
    return List.of(
        "export\t%s",
        "database\tother",
        "account\teve\tx:y",
        "account\tcotidal\tlocked",
        "lock\teve",
        "kick",
        "login\tcotidal\t\t");
  }

  @Override
  List<String> emails(String address) throws Exception {
    try (TinyClient client = TinyClient.open(address)) {
      return client.ask("select\tcustomers\temail");
    }
  }

  @Override
  void write(String address) throws Exception {
    try (TinyClient client = TinyClient.open(address)) {
      client.ask("set\tcustomers\tname\tchanged");
    }
  }
}
