package io.cotidal.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/** A measurement of many lines as people and machines read it. Pure. */
record LinesReport(String bench, List<Line> lines) implements Measurement {
  LinesReport {
    lines = List.copyOf(lines);
  }

  @Override
  public boolean met() {
    return lines.stream().allMatch(Line::met);
  }

  @Override
  public String table() {
    StringBuilder text = new StringBuilder();
    text.append(
        "%-44s %-4s %5s %9s %9s %9s  %-14s %s%n"
            .formatted("", "", "n", "p50", "p95", "max", "bar", "met"));
    for (Line each : lines) {
      text.append(row(each.title(), each.unit(), each.ours()))
          .append("  %-14s %s%n".formatted(each.bar().words(), word(each)));
      each.rivals()
          .forEach((way, spread) ->
              text.append(row("    " + way, each.unit(), spread))
                  .append("  ratio %.2f%n".formatted(each.ratio(spread))));
    }
    text.append("%nwhere the time went (medians)%n".formatted());
    for (Line each : lines) {
      StringJoiner parts = new StringJoiner(", ");
      each.medians().forEach((name, median) -> parts.add("%s %.0f".formatted(name, median)));
      if (parts.length() > 0) {
        text.append("%-44s %s%n".formatted(each.title(), parts));
      }
    }
    return text.toString();
  }

  private static String row(String title, String unit, Line.Spread spread) {
    return "%-44s %-4s %5d %9.1f %9.1f %9.1f"
        .formatted(title, unit, spread.n(), spread.p50(), spread.p95(), spread.max());
  }

  private static String word(Line result) {
    if (result.bar().held() == Line.Held.NOTHING) {
      return "-";
    }
    return result.met() ? "yes" : "NO";
  }

  @Override
  public String json(Map<String, String> more) {
    List<String> cells = new ArrayList<>();
    for (Line each : lines) {
      StringJoiner rivals = new StringJoiner(",", "{", "}");
      each.rivals().forEach((way, spread) -> rivals.add("\"%s\":%s".formatted(way, json(spread))));
      StringJoiner ratios = new StringJoiner(",", "{", "}");
      each.ratios().forEach((way, ratio) -> ratios.add("\"%s\":%.3f".formatted(way, ratio)));
      StringJoiner parts = new StringJoiner(",", "{", "}");
      each.medians().forEach((name, median) -> parts.add("\"%s\":%.1f".formatted(name, median)));
      boolean promised = each.bar().held() != Line.Held.NOTHING;
      cells.add(
          ("{\"cell\":\"%s\",\"unit\":\"%s\",\"n\":%d,\"ours\":%s,\"rivals\":%s,\"ratios\":%s,"
                  + "\"parts\":%s,\"bar\":%s,\"target\":%s,\"met\":%b}")
              .formatted(
                  each.title(),
                  each.unit(),
                  each.ours().n(),
                  json(each.ours()),
                  rivals,
                  ratios,
                  parts,
                  promised ? "\"" + each.bar().words() + "\"" : "null",
                  promised ? Double.toString(each.bar().limit()) : "null",
                  each.met()));
    }
    StringBuilder rest = new StringBuilder();
    more.forEach((name, value) -> rest.append(",\"%s\":\"%s\"".formatted(name, value)));
    return "{\"bench\":\"%s\",\"cells\":[%s],\"met\":%b%s}"
        .formatted(bench, String.join(",", cells), met(), rest);
  }

  private static String json(Line.Spread spread) {
    return "{\"p50\":%.2f,\"p95\":%.2f,\"max\":%.2f}"
        .formatted(spread.p50(), spread.p95(), spread.max());
  }
}
