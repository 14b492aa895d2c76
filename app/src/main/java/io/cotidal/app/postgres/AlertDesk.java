package io.cotidal.app.postgres;

import io.cotidal.model.Event;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Severity;
import io.cotidal.postgres.hooks.PluginHooks;
import io.cotidal.postgres.spec.Alert;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.runtime.ControlPlane;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells those whom a cluster's configuration names of its events: all that somebody should look at,
 * and every change of primary. One after the other, each tried three times; who cannot be told is
 * in the log. Called on one thread, which may wait.
 */
public final class AlertDesk implements Consumer<ControlPlane.Change> {
  private static final Logger log = LoggerFactory.getLogger(AlertDesk.class);
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final int TRIES = 3;
  private static final List<String> CHANGES = List.of("failover-", "cold-start-", "switchover-");

  private final Map<ResourceId, Cluster> clusters = new HashMap<>();

  private record Cluster(List<Alert> alerts, PluginHooks plugins) {}

  /** For those of {@code specs} that name somebody. */
  public AlertDesk(List<PostgresSpec> specs) {
    for (PostgresSpec spec : specs) {
      clusters.put(
          spec.id(),
          new Cluster(spec.practice().alerts(), new PluginHooks(spec, new LocalProcesses())));
    }
  }

  @Override
  public void accept(ControlPlane.Change change) {
    if (change instanceof ControlPlane.Change.Logged logged) {
      Event event = logged.event().event();
      Cluster cluster = clusters.get(event.resource());
      if (cluster != null && matters(event)) {
        tell(cluster, event);
      }
    }
  }

  private static boolean matters(Event event) {
    return event.severity() != Severity.INFO || CHANGES.stream().anyMatch(event.code()::startsWith);
  }

  private static void tell(Cluster cluster, Event event) {
    try {
      for (Alert alert : cluster.alerts()) {
        tell(alert, event);
      }
      for (String failure : cluster.plugins().alert(form(event))) {
        log.warn("event=alert-failed resource={} plugin={}", event.resource(), failure);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void tell(Alert alert, Event event) throws InterruptedException {
    List<String> reasons = new ArrayList<>();
    for (int tried = 0; tried < TRIES; tried++) {
      Deadline deadline = Deadline.in(LIMIT);
      try {
        switch (alert) {
          case Alert.Webhook webhook -> Webhook.post(webhook, form(event), deadline);
          case Alert.Mail mail -> MailAlert.send(mail, event, deadline);
        }
        return;
      } catch (IOException e) {
        reasons.add(String.valueOf(e.getMessage()));
      }
      Deadline.in(PAUSE).pause(PAUSE);
    }
    log.warn(
        "event=alert-failed resource={} alert={} code={} reason={}",
        event.resource(),
        alert.name(),
        event.code(),
        reasons.getLast());
  }

  /** The event as plug-ins and webhooks read it. */
  static Map<String, Object> form(Event event) {
    Map<String, Object> form = new LinkedHashMap<>();
    form.put("resource", event.resource().toString());
    form.put("severity", event.severity().name().toLowerCase(java.util.Locale.ROOT));
    form.put("code", event.code());
    form.put("text", event.text());
    form.put("operation", event.operation());
    form.put("micros", event.micros());
    form.put("details", event.details().entries());
    return form;
  }
}
