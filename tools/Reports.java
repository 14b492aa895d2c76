import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Reads the test reports that Maven leaves in the modules. {@code summary} sums up the last run;
 * its exit code is 0 only if tests ran and none failed. {@code scenarios} lists each scenario of
 * docs/scenarios.md with its tests and their last results, and the scenarios without a test.
 */
final class Reports {
  private static final int SKIPPED_NAMES_SHOWN = 5;

  private final Path root;
  private final Modules modules;
  private final Scenarios scenarios;

  private Reports(Path root) {
    this.root = root;
    modules = new Modules(root);
    scenarios = new Scenarios(modules);
  }

  public static void main(String[] args) throws Exception {
    var reports = new Reports(Path.of(args[1]));
    switch (args[0]) {
      case "summary" -> System.exit(reports.summary() ? 0 : 1);
      case "scenarios" -> reports.scenarios.list();
      default -> throw new IllegalArgumentException(args[0]);
    }
  }

  private boolean summary() throws IOException {
    var cases = new ArrayList<Case>();
    for (var file : modules.files(path -> path.getFileName().toString().matches("TEST-.*\\.xml"))) {
      cases.addAll(Case.of(root, file));
    }
    scenarios.remember(cases);

    System.out.println("\nWhat ran (minutes are the tests' own, added up):");
    var modules = new TreeMap<String, List<Case>>();
    cases.forEach(
        test -> modules.computeIfAbsent(test.module(), module -> new ArrayList<>()).add(test));
    modules.forEach((module, tests) ->
        System.out.printf(
            Locale.ROOT,
            "  %-16s %6.1f min  %5d passed %4d failed %4d skipped%n",
            module,
            tests.stream().mapToDouble(Case::seconds).sum() / 60,
            count(tests, Case.Result.PASSED),
            count(tests, Case.Result.FAILED),
            count(tests, Case.Result.SKIPPED)));
    printSkipped(cases);
    printFailed(cases);

    var failed = count(cases, Case.Result.FAILED);
    System.out.printf(
        "%d passed, %d failed, %d skipped%n",
        count(cases, Case.Result.PASSED), failed, count(cases, Case.Result.SKIPPED));
    return failed == 0 && !cases.isEmpty();
  }

  private static long count(Collection<Case> cases, Case.Result result) {
    return cases.stream().filter(test -> test.result() == result).count();
  }

  private static void printSkipped(List<Case> cases) {
    var reasons =
        cases.stream()
            .filter(test -> test.result() == Case.Result.SKIPPED)
            .collect(Collectors.groupingBy(Case::reason, TreeMap::new, Collectors.toList()));
    if (!reasons.isEmpty()) {
      System.out.println("\nSkipped:");
    }
    reasons.forEach((reason, tests) -> {
      System.out.printf("  %d × %s%n", tests.size(), reason);
      tests.stream()
          .limit(SKIPPED_NAMES_SHOWN)
          .forEach(test ->
              System.out.printf("      %s: %s › %s%n", test.module(), test.type(), test.name()));
      if (tests.size() > SKIPPED_NAMES_SHOWN) {
        System.out.printf("      and %d more%n", tests.size() - SKIPPED_NAMES_SHOWN);
      }
    });
  }

  private static void printFailed(List<Case> cases) {
    if (count(cases, Case.Result.FAILED) == 0) {
      return;
    }
    System.out.println("\nFailed:");
    cases.stream()
        .filter(test -> test.result() == Case.Result.FAILED)
        .forEach(test ->
            System.out.printf(
                "  %s: %s › %s%n      %s%n",
                test.module(), test.type(), test.name(), test.reason()));
  }
}
