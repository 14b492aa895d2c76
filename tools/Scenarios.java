import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The scenarios of docs/scenarios.md with their tests, and a record of results that outlives a run:
 * what `slow` proved is still known after `quick`.
 */
final class Scenarios {
  private static final Pattern SCENARIO =
      Pattern.compile("\\b(directory|objects|postgres|copies|feeds)/([A-Z]+)(\\d+)\\b");
  private static final Pattern INVOCATION =
      Pattern.compile("\\[\\d+\\].*$|[\\t\\n].*$", Pattern.DOTALL);

  private final Modules modules;

  Scenarios(Modules modules) {
    this.modules = modules;
  }

  /** One line of the record. */
  record Proof(String id, String test, String result, String when) {}

  /** Prints each scenario with its tests and their last results, and the scenarios without one. */
  void list() throws IOException {
    var tests = new TreeMap<String, Set<String>>(byScenario());
    var sources = new TestSources(modules);
    for (var test : sources.run()) {
      for (var id : sources.of(test, Scenarios::ids)) {
        tests.computeIfAbsent(id, key -> new TreeSet<>()).add(test);
      }
    }
    var results = new TreeMap<String, Map<String, Proof>>(byScenario());
    for (var proof : proofs()) {
      if (!tests.containsKey(proof.id())) {
        continue; // of a test that is gone
      }
      results.computeIfAbsent(proof.id(), key -> new TreeMap<>()).put(proof.test(), proof);
    }
    var list = modules.at("docs/scenarios.md");
    var wanted = new TreeSet<String>(byScenario());
    wanted.addAll(Files.exists(list) ? ids(Files.readString(list)) : Set.of());

    var all = new TreeSet<String>(byScenario());
    all.addAll(wanted);
    all.addAll(tests.keySet());
    for (var id : all) {
      results
          .getOrDefault(id, Map.of())
          .values()
          .forEach(proof -> line(id, proof.result(), proof.when(), proof.test()));
      if (!results.containsKey(id)) {
        tests.getOrDefault(id, Set.of()).forEach(test -> line(id, "not run", "", test));
      }
    }
    var without = all.stream().filter(id -> !tests.containsKey(id)).toList();
    var unlisted = all.stream().filter(id -> !wanted.contains(id)).toList();
    System.out.printf("%nWithout a test (%d): %s%n", without.size(), String.join(" ", without));
    if (!unlisted.isEmpty()) {
      System.out.printf(
          "Tested, but not in docs/scenarios.md (%d): %s%n",
          unlisted.size(), String.join(" ", unlisted));
    }
    System.out.printf("%d scenarios, %d with a test%n", all.size(), all.size() - without.size());
  }

  private static void line(String id, String result, String when, String test) {
    System.out.printf("%-14s %-8s %-16s %s%n", id, result, when, test);
  }

  /** S9 before S10. */
  private static Comparator<String> byScenario() {
    return Comparator.comparing(id -> {
      var parts = SCENARIO.matcher(id);
      return parts.matches()
          ? String.format(
              Locale.ROOT,
              "%s/%s%06d",
              parts.group(1),
              parts.group(2),
              Integer.parseInt(parts.group(3)))
          : id;
    });
  }

  private static Set<String> ids(String text) {
    return SCENARIO
        .matcher(text)
        .results()
        .map(found -> found.group())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private Path record() {
    return modules.at("target/scenarios.tsv");
  }

  private List<Proof> proofs() throws IOException {
    if (!Files.exists(record())) {
      return List.of();
    }
    return Files.readAllLines(record()).stream()
        .map(line -> line.split("\t", -1))
        .filter(cells -> cells.length == 4)
        .map(cells -> new Proof(cells[0], cells[1], cells[2], cells[3]))
        .toList();
  }

  /** Adds what {@code cases} proved to what is known. */
  void remember(List<Case> cases) throws IOException {
    var known = new LinkedHashMap<String, Proof>();
    proofs().forEach(proof -> known.put(proof.id() + "\t" + proof.test(), proof));
    var now = LocalDateTime.now().truncatedTo(ChronoUnit.MINUTES).toString().replace('T', ' ');
    var seen = new LinkedHashMap<String, Proof>();
    for (var test : cases) {
      var name = INVOCATION.matcher(test.type() + " › " + test.name()).replaceFirst("");
      for (var id : ids(name)) {
        // one name may stand for many runs (parameters, repetitions): the worst of this run counts
        seen.merge(
            id + "\t" + name,
            new Proof(id, name, test.result().word(), now),
            (before, after) -> before.result().equals("failed") ? before : after);
      }
    }
    known.putAll(seen);
    Files.createDirectories(record().getParent());
    Files.write(
        record(),
        known.values().stream()
            .map(proof -> String.join("\t", proof.id(), proof.test(), proof.result(), proof.when()))
            .toList());
  }
}
