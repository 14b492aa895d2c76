package io.cotidal.postgres.steps;

import io.cotidal.model.Details;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.hooks.PluginHooks;
import java.io.IOException;

/**
 * What an act leaves to a plug-in if its step names one. The act shows afterwards what it would
 * have shown of its own work: nothing that a plug-in says is a proof here.
 */
record ByPlugin(PluginHooks plugins) {
  /** Argument: where the data lies on the member's machine. */
  private static final String DATA = "data";

  /** Whether the step is a plug-in's. */
  static boolean wanted(Turn turn) {
    return !name(turn).isEmpty();
  }

  /** Whose it is. */
  static String name(Turn turn) {
    return turn.argument(Acts.PLUGIN);
  }

  /**
   * Has it done.
   *
   * @param more what the plug-in is told beside the step's arguments
   * @return what it says of it
   * @throws ActFailed if it did nothing
   * @throws IOException if nobody can tell what it did
   */
  Details ask(Turn turn, Details more) throws ActFailed, IOException, InterruptedException {
    try {
      return plugins.work(
          turn.step(),
          turn.stamp(),
          Details.of(DATA, turn.node().data()).with(more),
          turn::makeWay);
    } catch (PluginHooks.Declined e) {
      throw new ActFailed(String.valueOf(e.getMessage()));
    }
  }
}
