package io.cotidal.postgres.steps;

import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.reach.Sight;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What the gate keeps of an act that makes data: the mark {@code incomplete} from before the first
 * change until all of it is on the disk, then a receipt that names the act. So an unfinished act is
 * never taken for a finished one, and what lay there before never for what was to be made.
 */
final class Receipts {
  private Receipts() {}

  /** From here on the data is not whole. */
  static void begin(Turn turn) throws IOException, InterruptedException {
    turn.inside().note(turn.node().places().incomplete(), name(turn));
    turn.inside().delete(receipt(turn));
  }

  /** The data is whole and on the disk. */
  static void end(Turn turn, String evidence) throws IOException, InterruptedException {
    turn.inside().note(receipt(turn), name(turn) + "\n" + evidence);
    turn.inside().delete(turn.node().places().incomplete());
  }

  /** Whether the act has ended; its evidence stands under {@code key}. */
  static Inspection inspect(Turn turn, String key) throws IOException, InterruptedException {
    if (turn.inside().exists(turn.node().places().incomplete())) {
      return new Inspection.NotApplied("the data is not whole");
    }
    Optional<String> receipt = turn.inside().read(receipt(turn));
    if (!turn.inside().sight().data().equals(Sight.PRESENT) || receipt.isEmpty()) {
      return new Inspection.NotApplied("no such " + turn.step().act() + " has ended here");
    }
    String[] lines = receipt.get().split("\n", -1);
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
    return turn.node().places().gate().resolve("receipt");
  }
}
