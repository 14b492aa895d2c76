package io.cotidal.runtime;

import io.cotidal.engine.ResourceView;
import io.cotidal.model.Moment;
import io.cotidal.model.ResourceId;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What screens see of one resource: a view that is made anew after a change, changes that come in
 * quick succession together. One thread writes, any reads.
 */
final class Display {
  private static final Logger log = LoggerFactory.getLogger(Display.class);

  /** How long a change may wait to be shown together with the next ones. */
  static final long TOGETHER = 50 * Moment.MILLI;

  private final ResourceId id;
  private final ResourceLoop.World world;
  private final Supplier<ResourceView> source;
  private final Runnable remind;
  private volatile ResourceView view;
  private volatile String problem = "";
  private long version;
  private boolean planned;

  /**
   * A display that shows the source as it is now.
   *
   * @param source called by the writing thread only
   * @param remind called, on any thread, when it is time for {@link #show}
   */
  Display(ResourceId id, ResourceLoop.World world, Supplier<ResourceView> source, Runnable remind) {
    this.id = id;
    this.world = world;
    this.source = source;
    this.remind = remind;
    this.view = source.get();
  }

  /** As last shown. */
  ResourceView view() {
    return view;
  }

  /** Why it cannot be shown; empty if it can. */
  String problem() {
    return problem;
  }

  /** Something may have changed; {@code urgent} if somebody has been or will be told so. */
  void changed(boolean urgent) {
    if (urgent) {
      show();
    } else if (!planned) {
      // Even the first one waits: members are looked at together, and answer one after the other.
      planned = true;
      world.clock().at(world.clock().now().nanos() + TOGETHER, remind);
    }
  }

  /** Shows it as it is now. */
  void show() {
    planned = false;
    try {
      ResourceView next = source.get();
      boolean changed = !sameButForTime(next, view);
      view = next;
      problem = "";
      if (changed) {
        version++;
        world.listener().updated(id, version);
      }
    } catch (RuntimeException | Error e) {
      // The engine still decides and acts: a screen that cannot be drawn is no reason to leave a
      // cluster alone.
      if (problem.isEmpty()) {
        log.error("event=view-broken resource={}", id, e);
      }
      problem = Failures.sentence(e);
    }
  }

  private static boolean sameButForTime(ResourceView a, ResourceView b) {
    return a.equals(b.at(a.micros(), a.membership().answeredMicros()));
  }
}
