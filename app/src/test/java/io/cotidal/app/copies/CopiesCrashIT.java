package io.cotidal.app.copies;

import io.cotidal.app.HaltingStore.Side;
import io.cotidal.app.copies.CopiesCrashRounds.Work;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The daemon is killed at every commit of what it does with copies, and started again. */
@Timeout(600)
final class CopiesCrashIT {
  private static void run(String engine, Side side, Work... works) throws Exception {
    try (CopiesCrashRounds rounds = new CopiesCrashRounds(CopiesLab.open(), engine)) {
      Map<Work, String> records = new EnumMap<>(Work.class);
      for (Work work : works) {
        records.put(work, rounds.exhaust(work, side));
      }
      records.values().forEach(record -> System.out.println("measured: " + engine + ": " + record));
    }
  }

  @ParameterizedTest(
      name = "copies/B5: kill -9 of the daemon after every commit of a create on {0}")
  @ValueSource(strings = {"postgres", "shared"})
  void create(String engine) throws Exception {
    run(engine, Side.AFTER, Work.CREATE);
  }

  @Tag("slow")
  @ParameterizedTest(name = "copies/B5: kill -9 of the daemon {1} every commit, on {0}")
  @CsvSource({
    "postgres,BEFORE",
    "postgres,AFTER",
    "shared,BEFORE",
    "shared,AFTER",
    "mariadb,BEFORE",
    "mariadb,AFTER"
  })
  @DisplayName("copies/B5: creates, resets, deletes, imports")
  void all(String engine, Side side) throws Exception {
    run(engine, side, Work.values());
  }

  @Tag("slow")
  @ParameterizedTest(name = "copies/B5: kill -9 of the daemon at moments of chance, on {0}")
  @ValueSource(strings = {"postgres", "shared", "mariadb"})
  @DisplayName("copies/B5: in the middle of creates, resets, deletes, imports")
  void amid(String engine) throws Exception {
    try (CopiesCrashRounds rounds = new CopiesCrashRounds(CopiesLab.open(), engine)) {
      Random random = new Random();
      for (int i = 0; i < 5; i++) {
        for (Work work : Work.values()) {
          rounds.interrupt(work, random.nextInt(work == Work.IMPORT ? 1_500 : 400));
        }
      }
    }
  }
}
