package io.cotidal.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * The measurement of copies as people and machines read it. Pure.
 *
 * @param bounds promises that no cell holds alone
 * @param skipped rivals of which nothing was measured, and why
 */
record CopiesReport(List<CopiesResult> cells, List<Bound> bounds, Map<String, String> skipped)
    implements Measurement {
  static final String NAME = "copies";

  CopiesReport {
    cells = List.copyOf(cells);
    bounds = List.copyOf(bounds);
    skipped = new LinkedHashMap<>(skipped);
  }

  /**
   * Something that must not be more than a limit.
   *
   * @param unit of both numbers
   */
  record Bound(String what, String unit, double value, double limit) {
    boolean met() {
      return value <= limit;
    }
  }

  @Override
  public String bench() {
    return NAME;
  }

  @Override
  public boolean met() {
    return cells.stream().allMatch(CopiesResult::met) && bounds.stream().allMatch(Bound::met);
  }

  @Override
  public String table() {
    StringBuilder text = new StringBuilder();
    text.append(
        "%-40s %4s %7s %7s %7s %7s %9s %8s  %s%n"
            .formatted(
                "cell (ms)", "n", "first", "p50", "p95", "max", "MiB each", "target", "met"));
    for (CopiesResult each : cells) {
      Summary all = each.all();
      long target = each.cell().target();
      text.append(
          "%-40s %4d %7d %7d %7d %7d %9.1f %8s  %s%n"
              .formatted(
                  each.cell().title(),
                  all.n(),
                  each.firsts().p50(),
                  all.p50(),
                  all.p95(),
                  all.max(),
                  each.megabytes(),
                  target == 0 ? "-" : "<= " + target,
                  target == 0 ? "-" : word(each.met())));
    }
    text.append("%nwhere the time went (medians, ms)%n".formatted());
    for (CopiesResult each : cells) {
      StringJoiner phases = new StringJoiner(", ");
      each.phases().forEach((phase, millis) -> phases.add(phase + " " + millis));
      text.append("%-40s %s%n".formatted(each.cell().title(), phases));
    }
    text.append("%nother ways (medians, ms)%n".formatted());
    for (CopiesResult each : cells) {
      each.rivals()
          .forEach((name, summary) ->
              text.append("%-40s %s %d%n".formatted(each.cell().title(), name, summary.p50())));
    }
    skipped.forEach((name, reason) -> text.append("%-40s %s%n".formatted(name, reason)));
    text.append("%nbounds%n".formatted());
    for (Bound each : bounds) {
      text.append(
          "%-60s %.1f %s (<= %.1f)  %s%n"
              .formatted(each.what(), each.value(), each.unit(), each.limit(), word(each.met())));
    }
    return text.toString();
  }

  private static String word(boolean met) {
    return met ? "yes" : "NO";
  }

  @Override
  public String json(Map<String, String> more) {
    List<String> lines = new ArrayList<>();
    for (CopiesResult each : cells) {
      long target = each.cell().target();
      StringJoiner rivals = new StringJoiner(",", "{", "}");
      each.rivals()
          .forEach((name, summary) -> rivals.add("\"%s\":%s".formatted(name, json(summary))));
      lines.add(
          "{\"cell\":\"%s\",\"unit\":\"ms\",\"n\":%d,\"ours\":%s,\"first\":%d,\"diskMiB\":%.1f,\"rivals\":%s,\"target\":%s,\"met\":%b}"
              .formatted(
                  each.cell().title(),
                  each.all().n(),
                  json(each.all()),
                  each.firsts().p50(),
                  each.megabytes(),
                  rivals,
                  target == 0 ? "null" : Long.toString(target),
                  each.met()));
    }
    StringJoiner limits = new StringJoiner(",", "[", "]");
    for (Bound each : bounds) {
      limits.add(
          "{\"what\":\"%s\",\"unit\":\"%s\",\"ours\":%.1f,\"target\":%.1f,\"met\":%b}"
              .formatted(each.what(), each.unit(), each.value(), each.limit(), each.met()));
    }
    StringBuilder rest = new StringBuilder();
    skipped.forEach((name, why) -> rest.append(",\"%s\":\"%s\"".formatted(name, why)));
    more.forEach((name, value) -> rest.append(",\"%s\":\"%s\"".formatted(name, value)));
    return "{\"bench\":\"%s\",\"cells\":[%s],\"bounds\":%s,\"met\":%b%s}"
        .formatted(NAME, String.join(",", lines), limits, met(), rest);
  }

  private static String json(Summary summary) {
    return "{\"p50\":%d,\"p95\":%d,\"max\":%d}"
        .formatted(summary.p50(), summary.p95(), summary.max());
  }
}
