package io.cotidal.gateway.wire;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** Counts for all event loops. */
final class Tally {
  final AtomicInteger clients = new AtomicInteger();
  final AtomicInteger site = new AtomicInteger();
  final LongAdder requests = new LongAdder();
  final LongAdder received = new LongAdder();
  final LongAdder sent = new LongAdder();
  final LongAdder refused = new LongAdder();
  final LongAdder siteFailures = new LongAdder();
  final LongAdder retried = new LongAdder();
  final LongAdder elsewhere = new LongAdder();

  Counters read() {
    return new Counters(
        clients.get(),
        site.get(),
        requests.sum(),
        received.sum(),
        sent.sum(),
        refused.sum(),
        siteFailures.sum(),
        retried.sum(),
        elsewhere.sum());
  }
}
