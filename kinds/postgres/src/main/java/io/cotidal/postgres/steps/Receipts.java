package io.cotidal.postgres.steps;

import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.postgres.observe.HostLook;
import io.cotidal.postgres.plan.Acts;
import io.cotidal.remote.Durable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the gate keeps of an act that makes data: the mark {@code incomplete} from before the first
 * change until all of it is on the disk, then a receipt that names the act. So an unfinished act is
 * never taken for a finished one, and what lay there before never for what was to be made.
 */
final class Receipts {
  private Receipts() {}

  /** From here on the data is not whole. */
  static void begin(Turn turn) throws IOException {
    write(turn.node().incomplete(), name(turn));
    Durable.delete(receipt(turn));
  }

  /** The data is whole and on the disk. */
  static void end(Turn turn, String evidence) throws IOException {
    write(receipt(turn), name(turn) + "\n" + evidence);
    Durable.delete(turn.node().incomplete());
  }

  /** Whether the act has ended; its evidence stands under {@code key}. */
  static Inspection inspect(Turn turn, String key) throws IOException {
    if (Files.exists(turn.node().incomplete())) {
      return new Inspection.NotApplied("the data is not whole");
    }
    if (!HostLook.data(turn.node()).equals(HostLook.PRESENT) || !Files.exists(receipt(turn))) {
      return new Inspection.NotApplied("no such " + turn.step().act() + " has ended here");
    }
    String[] lines = Files.readString(receipt(turn)).split("\n", -1);
    if (!lines[0].equals(name(turn))) {
      return new Inspection.NotApplied("the latest act that made data here was: " + lines[0]);
    }
    String evidence = lines.length > 1 ? lines[1].strip() : "";
    return new Inspection.Applied(evidence.isEmpty() ? Details.NONE : Details.of(key, evidence));
  }

  /** The same for each attempt of one step of one operation. */
  private static String name(Turn turn) {
    return turn.step().act()
        + " from "
        + turn.step().arguments().get(Acts.FROM, "nobody")
        + ", operation "
        + turn.stamp().number()
        + ", "
        + turn.step().key();
  }

  private static Path receipt(Turn turn) {
    return turn.passage().folder().resolve("receipt");
  }

  private static void write(Path file, String text) throws IOException {
    Durable.write(file, text, null, "rw-r--r--");
  }
}
