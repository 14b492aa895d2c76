import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Reads the test reports that Maven leaves in the modules. {@code summary} sums up the last run;
 * its exit code is 0 only if tests ran and none failed. {@code scenarios} lists each scenario of
 * docs/scenarios.md with its tests and their last results, and the scenarios without a test.
 */
final class Reports {
  private static final Pattern SCENARIO =
      Pattern.compile("\\b(directory|objects|postgres|copies|feeds)/([A-Z]+)(\\d+)\\b");
  private static final Pattern INVOCATION =
      Pattern.compile("\\[\\d+\\].*$|[\\t\\n].*$", Pattern.DOTALL);
  private static final int SKIPPED_NAMES_SHOWN = 5;
  private static final int REASON_LENGTH = 300;

  enum Result {
    PASSED,
    FAILED,
    SKIPPED;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** One test of a report; the reason is empty unless it was skipped or failed. */
  record Case(
      String module, String type, String name, Result result, String reason, double seconds) {}

  /**
   * One line of the record of results that outlives a run: what `slow` proved is still known after
   * `quick`.
   */
  record Proof(String id, String test, String result, String when) {}

  private final Path root;

  private Reports(Path root) {
    this.root = root;
  }

  public static void main(String[] args) throws Exception {
    var reports = new Reports(Path.of(args[1]));
    System.exit(
        switch (args[0]) {
          case "summary" -> reports.summary();
          case "scenarios" -> reports.scenarios();
          default -> throw new IllegalArgumentException(args[0]);
        });
  }

  private int summary() throws IOException {
    var cases = new ArrayList<Case>();
    for (var file : files(path -> path.getFileName().toString().matches("TEST-.*\\.xml"))) {
      cases.addAll(cases(file));
    }
    remember(cases);

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
            count(tests, Result.PASSED),
            count(tests, Result.FAILED),
            count(tests, Result.SKIPPED)));
    printSkipped(cases);
    printFailed(cases);

    var failed = count(cases, Result.FAILED);
    System.out.printf(
        "%d passed, %d failed, %d skipped%n",
        count(cases, Result.PASSED), failed, count(cases, Result.SKIPPED));
    return failed > 0 || cases.isEmpty() ? 1 : 0;
  }

  private static long count(Collection<Case> cases, Result result) {
    return cases.stream().filter(test -> test.result() == result).count();
  }

  private static void printSkipped(List<Case> cases) {
    var reasons =
        cases.stream()
            .filter(test -> test.result() == Result.SKIPPED)
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
    if (count(cases, Result.FAILED) == 0) {
      return;
    }
    System.out.println("\nFailed:");
    cases.stream()
        .filter(test -> test.result() == Result.FAILED)
        .forEach(test ->
            System.out.printf(
                "  %s: %s › %s%n      %s%n",
                test.module(), test.type(), test.name(), test.reason()));
  }

  private int scenarios() throws IOException {
    var tests = new TreeMap<String, Set<String>>(byScenario());
    for (var file :
        files(path -> path.getFileName().toString().matches(".*(Test|IT|Sim)\\.java"))) {
      for (var id : ids(Files.readString(file))) {
        tests
            .computeIfAbsent(id, key -> new TreeSet<>())
            .add(file.getFileName().toString().replace(".java", ""));
      }
    }
    var results = new TreeMap<String, Map<String, Proof>>(byScenario());
    for (var proof : proofs()) {
      if (!tests.containsKey(proof.id())) {
        continue; // of a test that is gone
      }
      results.computeIfAbsent(proof.id(), key -> new TreeMap<>()).put(proof.test(), proof);
    }
    var list = root.resolve("docs/scenarios.md");
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
    return 0;
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
    return root.resolve("target/scenarios.tsv");
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

  private void remember(List<Case> cases) throws IOException {
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

  /** Files of the modules; a report lies in target/surefire-reports or target/failsafe-reports. */
  private List<Path> files(Predicate<Path> wanted) throws IOException {
    var found = new ArrayList<Path>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            var name = folder.getFileName().toString();
            var inTarget = "target".equals(folder.getParent().getFileName().toString());
            var skip =
                name.equals(".git") || inTarget && !name.matches("(surefire|failsafe)-reports");
            return skip && !folder.equals(root)
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (wanted.test(file)) {
              found.add(file);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException gone) {
            return FileVisitResult.CONTINUE;
          }
        });
    found.sort(Comparator.naturalOrder());
    return found;
  }

  private List<Case> cases(Path report) {
    var module = root.relativize(report.getParent().getParent().getParent()).toString();
    var factory = XMLInputFactory.newFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    var cases = new ArrayList<Case>();
    try (InputStream bytes = Files.newInputStream(report)) {
      var xml = factory.createXMLStreamReader(bytes);
      while (xml.hasNext()) {
        if (xml.next() == XMLStreamConstants.START_ELEMENT
            && xml.getLocalName().equals("testcase")) {
          cases.add(testCase(module, xml));
        }
      }
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    } catch (XMLStreamException problem) {
      // a killed JVM leaves half a report: that is a failure of its own, not a reason to show
      // nothing
      cases.add(
          new Case(
              module,
              report.getFileName().toString(),
              "(report)",
              Result.FAILED,
              "unreadable report",
              0));
    }
    return cases;
  }

  private static Case testCase(String module, XMLStreamReader xml) throws XMLStreamException {
    var type = xml.getAttributeValue(null, "classname");
    var name = xml.getAttributeValue(null, "name");
    var time = xml.getAttributeValue(null, "time");
    var result = Result.PASSED;
    var reason = "";
    while (!(xml.next() == XMLStreamConstants.END_ELEMENT
        && xml.getLocalName().equals("testcase"))) {
      if (xml.getEventType() == XMLStreamConstants.START_ELEMENT) {
        var element = xml.getLocalName();
        if (element.equals("failure") || element.equals("error") || element.equals("skipped")) {
          result = element.equals("skipped") ? Result.SKIPPED : Result.FAILED;
          var message = xml.getAttributeValue(null, "message");
          reason = brief(message == null ? xml.getElementText() : message);
        }
      }
    }
    var seconds = time == null ? 0 : Double.parseDouble(time.replace(",", ""));
    return new Case(
        module, type == null ? "" : type, name == null ? "(class)" : name, result, reason, seconds);
  }

  private static String brief(String message) {
    var text =
        message
            .replaceFirst("(?s)\\n\\s+at .*", "")
            .strip()
            .replaceAll("\\s+", " ")
            .replaceFirst("^org\\.opentest4j\\.TestAbortedException: ", "")
            .replaceFirst("^Assumption failed: ", "");
    if (text.isEmpty()) {
      return "no reason given";
    }
    return text.length() > REASON_LENGTH ? text.substring(0, REASON_LENGTH) + " …" : text;
  }
}
