package io.cotidal.bench.rivals;

import io.cotidal.bench.Summary;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** All that was measured so far, as people and machines read it. Pure. */
record Findings(List<Contest> contests) {
  Findings {
    contests = List.copyOf(contests);
  }

  /** Whether every cell was measured often enough and every bar is met. */
  boolean met() {
    long cells = 2L * Fault.values().length;
    return contests.size() == cells && contests.stream().allMatch(each -> each.missed().isEmpty());
  }

  /** A table; who is unsafe is shown and not counted. */
  String table() {
    StringBuilder text = new StringBuilder();
    for (Contest contest : contests) {
      text.append(
          "%n%-36s %4s %7s %7s %7s %7s %7s %6s  %s%n"
              .formatted(
                  contest.title() + " (ms)",
                  "n",
                  "p50",
                  "p95",
                  "max",
                  "lost",
                  "dual",
                  "moved",
                  "safe"));
      for (Standing each : contest.standings()) {
        text.append(line(each));
      }
      for (Entry entry : Entry.values()) {
        entry
            .without(contest.fault())
            .ifPresent(why -> text.append("  %-34s   - %s%n".formatted(entry.title(), why)));
      }
      text.append("  %s%n".formatted(Entry.ours(contest.waits())));
      List<String> missed = contest.missed();
      text.append(
          "  %s%n".formatted(missed.isEmpty() ? "met" : "NOT MET: " + String.join("; ", missed)));
    }
    return text.toString();
  }

  private static String line(Standing each) {
    Summary gaps = each.gaps();
    return "  %-34s %4d %7d %7d %7d %7d %7d %6d  %s%s%n"
        .formatted(
            each.entry().title(),
            gaps.n(),
            gaps.p50(),
            gaps.p95(),
            gaps.max(),
            each.lost(),
            each.dual(),
            each.moves(),
            each.safe() ? "yes" : "NO",
            each.broken() == 0 ? "" : ", " + each.broken() + " never whole again");
  }

  /** One line; with further texts at its end. */
  String json(Map<String, String> more) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("bench", Main.NAME);
    all.put("cells", contests.stream().map(Findings::cell).toList());
    all.put("met", met());
    all.putAll(more);
    return new JsonMapper().writeValueAsString(all);
  }

  private static Map<String, Object> cell(Contest contest) {
    Map<String, Object> cell = new LinkedHashMap<>();
    cell.put("cell", contest.title());
    cell.put("unit", "ms");
    cell.put("set", Entry.ours(contest.waits()));
    contest
        .ours()
        .ifPresent(ours -> {
          cell.put("n", ours.rounds().size());
          cell.put("ours", standing(ours));
        });
    Map<String, Object> rivals = new LinkedHashMap<>();
    contest.theirs().forEach(each -> rivals.put(each.entry().title(), standing(each)));
    for (Entry entry : Entry.values()) {
      entry
          .without(contest.fault())
          .ifPresent(why -> rivals.put(entry.title(), Map.of("left out", why)));
    }
    cell.put("rivals", rivals);
    contest.fault().target().ifPresent(target -> cell.put("target", target));
    cell.put("missed", contest.missed());
    cell.put("met", contest.missed().isEmpty());
    return cell;
  }

  private static Map<String, Object> standing(Standing each) {
    Summary gaps = each.gaps();
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("n", gaps.n());
    facts.put("p50", gaps.p50());
    facts.put("p95", gaps.p95());
    facts.put("max", gaps.max());
    facts.put("lost", each.lost());
    facts.put("dual", each.dual());
    facts.put("moves", each.moves());
    facts.put("broken", each.broken());
    facts.put("safe", each.safe());
    return facts;
  }
}
