package io.cotidal.runtime;

import io.cotidal.engine.Store;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads events from the log as they come, so that everybody gets them in its order and with its
 * sequences.
 */
final class EventFeed {
  private static final Logger log = LoggerFactory.getLogger(EventFeed.class);
  private static final int PAGE = 500;

  private final Store store;
  private final Consumer<Store.LoggedEvent> reader;
  private final Serial serial = new Serial("event feed");
  private final AtomicBoolean asked = new AtomicBoolean();
  private long last;
  private boolean failing;

  /** A feed of the events that come after the newest one of now. */
  EventFeed(Store store, Consumer<Store.LoggedEvent> reader) {
    this.store = store;
    this.reader = reader;
    this.last = store.lastEvent();
  }

  /** There may be new events. Never blocks. */
  void look() {
    if (asked.compareAndSet(false, true)) {
      serial.run(this::read);
    }
  }

  private void read() {
    asked.set(false);
    try {
      List<Store.LoggedEvent> page;
      do {
        page = store.events(null, last, PAGE);
        for (Store.LoggedEvent event : page) {
          last = event.sequence();
          reader.accept(event);
        }
      } while (page.size() == PAGE);
      failing = false;
    } catch (RuntimeException e) {
      // The next event, or the next second, asks again from the same place.
      if (!failing) {
        log.warn("event=event-feed-broken reason=\"{}\"", Failures.sentence(e));
      }
      failing = true;
    }
  }
}
