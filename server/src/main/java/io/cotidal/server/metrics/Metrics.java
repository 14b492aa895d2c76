package io.cotidal.server.metrics;

import io.cotidal.engine.MembershipView;
import io.cotidal.engine.ResourceView;
import io.cotidal.model.LinkView;
import io.cotidal.model.MemberView;
import io.cotidal.model.OperationState;
import io.cotidal.runtime.ControlPlane;
import io.cotidal.server.json.Json;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The metrics, made at each scrape. Thread-safe. */
public final class Metrics {
  /** The media type of {@link #scrape}. */
  public static final String TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

  private static final SortedMap<String, String> COLUMNS =
      new TreeMap<>(
          Map.of(
              "slot-bytes",
              "How much log the primary keeps for the member; absent without a slot",
              "archive-backlog-bytes",
              "How much log waits to be archived; absent where nothing is",
              "archive-failing",
              "1 if the archive does not take the log, for so long that it is said",
              "disk-free-bytes",
              "What is left of the member's disk; absent if that is not known",
              "disk-total-bytes",
              "How large the member's disk is; absent if that is not known"));

  private final ControlPlane plane;
  private final String version;
  private final Tally tally = new Tally();

  /** Metrics of {@code plane}. */
  public Metrics(ControlPlane plane, String version) {
    this.plane = plane;
    this.version = version;
    plane.resources().forEach(this::count);
  }

  /**
   * Takes a change in, so that an operation that begins and ends between two scrapes is counted.
   */
  public void on(ControlPlane.Change change) {
    switch (change) {
      case ControlPlane.Change.Updated updated ->
          plane.resource(updated.id()).ifPresent(this::count);
      case ControlPlane.Change.Resync _ -> plane.resources().forEach(this::count);
      case ControlPlane.Change.Logged _ -> {}
    }
  }

  private void count(ResourceView view) {
    tally.look(view, operation -> Json.word(operation.state()));
  }

  /** Everything, as UTF-8 text. */
  public byte[] scrape() {
    List<ResourceView> views = plane.resources();
    views.forEach(this::count);
    List<MetricSnapshot> all = new ArrayList<>(gauges(views));
    all.addAll(columns(views));
    all.add(operations(tally.counts()));
    all.add(sources(views));
    all.add(
        InfoSnapshot.builder()
            .name("cotidal_build")
            .help("The build that answers")
            .dataPoint(
                InfoSnapshot.InfoDataPointSnapshot.builder()
                    .labels(Labels.of("version", version))
                    .build())
            .build());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      PrometheusTextFormatWriter.create()
          .write(out, new MetricSnapshots(all), EscapingScheme.ALLOW_UTF8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /**
   * The words with which a guarantee begins, without numbers: a number would make a new series each
   * time. Empty if it begins with none.
   */
  static Optional<String> level(String guarantee) {
    int colon = guarantee.indexOf(':');
    String words = colon < 0 ? "" : guarantee.substring(0, colon).replaceFirst(" by [0-9].*$", "");
    return words.matches("[a-z]+( [a-z]+){0,3}") ? Optional.of(words) : Optional.empty();
  }

  private static List<GaugeSnapshot> gauges(List<ResourceView> views) {
    Gauge up =
        new Gauge("member_up", "1 if the member answers, 0 if it does not; absent if unknown");
    Gauge writable = new Gauge("member_writable", "1 if the member takes writes");
    Gauge lag = new Gauge("link_lag_bytes", "How far the receiver is behind; absent if unknown");
    Gauge behind = new Gauge("link_lag_seconds", "The same in time, where members tell it so");
    Gauge inSync = new Gauge("resource_in_sync", "1 if nothing is wanted");
    Gauge diagnosis = new Gauge("resource_diagnosis", "1 for the diagnosis in force");
    Gauge guarantee =
        new Gauge("resource_guarantee", "1 for what holds now, by the words before its colon");
    Gauge writers = new Gauge("writable_members", "Members that take writes");
    Gauge attention = new Gauge("operations_attention", "Operations that a person must look at");
    Gauge lease = new Gauge("lease_held", "1 if this control plane may act on the resource");
    Gauge epoch = new Gauge("epoch", "The leadership under which it acts");
    Gauge source =
        new Gauge("source_up", "1 if the source of members answers, 0 if not; absent without one");
    Gauge departed = new Gauge("departed_members", "Members that are remembered and named no more");
    for (ResourceView view : views) {
      Labels resource = Labels.of("resource", view.id().toString());
      for (MemberView member : view.members()) {
        Labels labels = resource.add("member", member.id().name());
        switch (member.answers()) {
          case YES -> up.add(labels, 1);
          case NO -> up.add(labels, 0);
          case UNKNOWN -> {}
        }
        writable.add(labels, member.writable() ? 1 : 0);
      }
      for (LinkView link : view.links()) {
        Labels ends = resource.add("from", link.from().name()).add("to", link.to().name());
        Long bytes = link.lagBytes();
        if (bytes != null) {
          lag.add(ends, bytes);
        }
        Long seconds = link.lagSeconds();
        if (seconds != null) {
          behind.add(ends, seconds);
        }
      }
      inSync.add(resource, view.inSync() ? 1 : 0);
      diagnosis.add(resource.add("code", view.diagnosis().code()), 1);
      level(view.guarantee()).ifPresent(level -> guarantee.add(resource.add("level", level), 1));
      writers.add(resource, view.members().stream().filter(MemberView::writable).count());
      attention.add(
          resource,
          view.operations().stream()
              .filter(operation -> operation.state() == OperationState.ATTENTION)
              .count());
      lease.add(resource, view.leading() ? 1 : 0);
      epoch.add(resource, view.epoch());
      switch (view.membership().origin()) {
        case CONFIGURED, AWAITED -> {}
        case ANSWERS -> source.add(resource, 1);
        case UNAVAILABLE -> source.add(resource, 0);
      }
      departed.add(resource, view.membership().departed().size());
    }
    return List.of(
        up.done(),
        writable.done(),
        lag.done(),
        behind.done(),
        inSync.done(),
        diagnosis.done(),
        guarantee.done(),
        writers.done(),
        attention.done(),
        lease.done(),
        epoch.done(),
        source.done(),
        departed.done());
  }

  /** Numbers that a kind shows among a member's columns. */
  private static List<GaugeSnapshot> columns(List<ResourceView> views) {
    List<GaugeSnapshot> all = new ArrayList<>();
    COLUMNS.forEach((column, help) -> {
      Gauge gauge = new Gauge(column.replace('-', '_'), help);
      for (ResourceView view : views) {
        for (MemberView member : view.members()) {
          String value = member.facts().get(column, "");
          if (NUMBER.matcher(value).matches()) {
            gauge.add(
                Labels.of("resource", view.id().toString(), "member", member.id().name()),
                Long.parseLong(value));
          }
        }
      }
      all.add(gauge.done());
    });
    return all;
  }

  private static CounterSnapshot operations(SortedMap<Tally.Key, Long> counts) {
    CounterSnapshot.Builder counter =
        CounterSnapshot.builder()
            .name("cotidal_operations")
            .help("Operations that have ended since this process began to look");
    for (Map.Entry<Tally.Key, Long> entry : counts.entrySet()) {
      Tally.Key key = entry.getKey();
      counter.dataPoint(
          CounterSnapshot.CounterDataPointSnapshot.builder()
              .labels(
                  Labels.of(
                      "resource",
                      key.resource().toString(),
                      "type",
                      key.type(),
                      "result",
                      key.result()))
              .value((double) entry.getValue())
              .build());
    }
    return counter.build();
  }

  private static CounterSnapshot sources(List<ResourceView> views) {
    CounterSnapshot.Builder counter =
        CounterSnapshot.builder()
            .name("cotidal_source_failures")
            .help("How often the source of members did not answer since this process began");
    for (ResourceView view : views) {
      if (view.membership().origin() != MembershipView.Origin.CONFIGURED) {
        counter.dataPoint(
            CounterSnapshot.CounterDataPointSnapshot.builder()
                .labels(Labels.of("resource", view.id().toString()))
                .value((double) view.membership().failures())
                .build());
      }
    }
    return counter.build();
  }

  /** One gauge while its values are gathered. */
  private static final class Gauge {
    private final GaugeSnapshot.Builder builder;

    Gauge(String name, String help) {
      builder = GaugeSnapshot.builder().name("cotidal_" + name).help(help);
    }

    void add(Labels labels, long value) {
      builder.dataPoint(
          GaugeDataPointSnapshot.builder().labels(labels).value((double) value).build());
    }

    GaugeSnapshot done() {
      return builder.build();
    }
  }
}
