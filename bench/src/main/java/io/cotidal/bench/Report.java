package io.cotidal.bench;

import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * A measurement as people and machines read it. Pure.
 *
 * @param bench its name
 */
record Report(String bench, List<CellResult> cells) implements Measurement {
  Report {
    cells = List.copyOf(cells);
  }

  @Override
  public boolean met() {
    return cells.stream().allMatch(CellResult::met);
  }

  /** The gaps, then where the time went. */
  @Override
  public String table() {
    StringBuilder text = new StringBuilder();
    text.append(
        "%-34s %4s %7s %7s %7s %8s %6s %6s  %s%n"
            .formatted("cell (ms)", "n", "p50", "p95", "max", "target", "lost", "dual", "met"));
    for (CellResult each : cells) {
      Summary gaps = each.gaps();
      text.append(
          "%-34s %4d %7d %7d %7d %8s %6d %6d  %s%n"
              .formatted(
                  each.cell().title(),
                  gaps.n(),
                  gaps.p50(),
                  gaps.p95(),
                  gaps.max(),
                  "< " + each.target(),
                  each.lost(),
                  each.dual(),
                  each.met() ? "yes" : "NO"));
    }
    text.append("%nwhere the time went (medians, ms)%n".formatted());
    for (CellResult each : cells) {
      StringJoiner phases = new StringJoiner(", ");
      each.phases().forEach((phase, millis) -> phases.add(phase + " " + millis));
      text.append("%-34s %s%n".formatted(each.cell().title(), phases));
    }
    return text.toString();
  }

  @Override
  public String json(Map<String, String> more) {
    StringJoiner list = new StringJoiner(",", "[", "]");
    for (CellResult each : cells) {
      Summary gaps = each.gaps();
      list.add(
          "{\"cell\":\"%s\",\"unit\":\"ms\",\"n\":%d,\"ours\":{\"p50\":%d,\"p95\":%d,\"max\":%d},\"rivals\":{},\"target\":%d,\"met\":%b}"
              .formatted(
                  each.cell().title(),
                  gaps.n(),
                  gaps.p50(),
                  gaps.p95(),
                  gaps.max(),
                  each.target(),
                  each.met()));
    }
    StringBuilder rest = new StringBuilder();
    more.forEach((name, value) -> rest.append(",\"%s\":\"%s\"".formatted(name, value)));
    return "{\"bench\":\"%s\",\"cells\":%s,\"met\":%b%s}".formatted(bench, list, met(), rest);
  }
}
