package io.cotidal.gateway.status;

import io.cotidal.gateway.relay.Relay.Waiting;
import io.cotidal.gateway.wire.Counters;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/** What is said of a gateway, as text. Pure. */
final class StatusText {
  private StatusText() {}

  /** For Prometheus. */
  static String metrics(Report report) {
    Counters counters = report.counters();
    Lines lines = new Lines();
    lines.gauge("clients", "connections of clients that are open", counters.clients());
    lines.gauge("site_connections", "connections to the site that are open", counters.site());
    lines.counter("requests_total", "requests whose heads were read", counters.requests());
    lines.counter("received_bytes_total", "bytes of clients", counters.received());
    lines.counter("sent_bytes_total", "bytes given to clients", counters.sent());
    lines.counter("refused_total", "requests and connections not passed on", counters.refused());
    lines.counter(
        "site_failures_total", "requests that the site did not answer", counters.siteFailures());
    lines.counter("retried_total", "requests sent again on another connection", counters.retried());
    lines.counter(
        "elsewhere_total", "requests answered with what other sites have", counters.elsewhere());
    lines.gauge(
        "waiting", "containers and accounts that wait for other sites", report.waiting().size());
    lines.gauge(
        "waiting_held",
        "of these, those that something else than a silent site holds up",
        report.waiting().stream().filter(Waiting::held).count());
    lines.gauge(
        "waiting_oldest_seconds", "since when the oldest waits", report.oldest().toSeconds());
    lines.counter("conflicts_total", "changes that a later one overruled", report.conflicts());
    lines.gauge("placing_generation", "of the placing that holds", report.placing().generation());
    lines.gauge(
        "placing_refused",
        "1 while a placing is there that is not taken",
        report.placing().refused() ? 1 : 0);
    return lines.text.toString();
  }

  private static final class Lines {
    private final StringBuilder text = new StringBuilder();

    void gauge(String name, String help, long value) {
      add(name, help, "gauge", value);
    }

    void counter(String name, String help, long value) {
      add(name, help, "counter", value);
    }

    private void add(String name, String help, String type, long value) {
      text.append(
          String.format(
              Locale.ROOT,
              """
              # HELP cotidal_gateway_%1$s %2$s
              # TYPE cotidal_gateway_%1$s %3$s
              cotidal_gateway_%1$s %4$d
              """,
              name,
              help,
              type,
              value));
    }
  }

  /** What waits, as JSON. */
  static String waiting(Report report) {
    ArrayNode all = JsonMapper.shared().createArrayNode();
    for (Waiting each : report.waiting()) {
      all.addObject()
          .put("container", each.open().subject().toString())
          .put("since", each.open().since().instant().toString())
          .put("why", each.why())
          .put("held", each.held());
    }
    return JsonMapper.shared().writeValueAsString(all) + "\n";
  }
}
