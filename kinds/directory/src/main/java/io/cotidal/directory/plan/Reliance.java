package io.cotidal.directory.plan;

import io.cotidal.directory.graph.Edge;
import io.cotidal.directory.observe.Agreement;
import io.cotidal.directory.observe.Agreement.Status;
import io.cotidal.directory.observe.DirectoryFacts;
import java.util.Collection;

/**
 * Who relies on which supplier. A supplier can hand on what it got since it was filled itself; what
 * it had by then it cannot. Pure.
 */
final class Reliance {
  private final Picture picture;

  Reliance(Picture picture) {
    this.picture = picture;
  }

  /**
   * Whether the consumer of {@code cut} needs nothing that only its supplier could give it: it is
   * as far as each of its other suppliers.
   *
   * @param cuts edges that may go, too
   */
  boolean dispensable(Edge cut, Collection<Edge> cuts) {
    for (Edge edge : picture.paths.present().keySet()) {
      boolean stays = edge.to().equals(cut.to()) && !cuts.contains(edge);
      if (stays && !covered(edge) && !(delivered(edge) && delivered(cut))) {
        return false;
      }
    }
    return true;
  }

  /** Whether both ends answer, and the consumer shows nothing that its supplier has more of. */
  boolean level(Edge edge) {
    DirectoryFacts supplier = picture.facts(edge.from());
    DirectoryFacts consumer = picture.facts(edge.to());
    return consumer != null
        && supplier != null
        && consumer.vector().coversAsShown(supplier.vector());
  }

  /** Whether the consumer is known to have every change that its supplier has. */
  private boolean covered(Edge edge) {
    DirectoryFacts supplier = picture.facts(edge.from());
    DirectoryFacts consumer = picture.facts(edge.to());
    return consumer != null && supplier != null && consumer.vector().covers(supplier.vector());
  }

  /**
   * The same, where the consumer's vector keeps quiet about a replica, by a session that ended
   * well.
   */
  private boolean delivered(Edge edge) {
    Agreement agreement = picture.paths.present().get(edge);
    return agreement != null && agreement.status() == Status.SUCCEEDED && level(edge);
  }
}
