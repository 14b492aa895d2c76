package io.cotidal.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.app.config.Explained;
import io.cotidal.app.config.Loaded;
import io.cotidal.app.config.Problem;
import io.cotidal.app.demo.DemoCommand;
import io.cotidal.app.kinds.Kinds;
import io.cotidal.app.kinds.Wing;
import io.cotidal.app.objects.GatewayCommand;
import io.cotidal.app.postgres.MemberPrepare;
import io.cotidal.cli.commands.Catalogue;
import io.cotidal.cli.commands.Commands;
import io.cotidal.cli.terminal.ExitCode;
import io.cotidal.engine.Kind;
import io.cotidal.engine.OperationType;
import io.cotidal.model.Action;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The documents say what is there: commands, files, keys, actions, operations, exit codes. */
@Timeout(30)
final class DocsTest {
  private static final Path ROOT = root();
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]+)(?:#[^)]*)?\\)");
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");
  private static final Pattern KNOWN = Pattern.compile("known keys here: (.*)$");

  /** The document of each kind. */
  private static final Map<String, String> REFERENCES =
      Kinds.ALL.stream()
          .map(wing -> wing.kind().name())
          .collect(Collectors.toMap(name -> name, name -> "docs/" + name + ".md"));

  @TempDir Path folder;

  private static Path root() {
    Path at = Path.of("").toAbsolutePath();
    while (!Files.exists(at.resolve("check"))) {
      Path above = at.getParent();
      if (above == null) {
        throw new IllegalStateException("not in the project: " + Path.of("").toAbsolutePath());
      }
      at = above;
    }
    return at;
  }

  private static String read(String name) throws IOException {
    return Files.readString(ROOT.resolve(name));
  }

  private static List<Path> documents() throws IOException {
    try (Stream<Path> above = Files.list(ROOT);
        Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
      return Stream.concat(above, docs)
          .filter(file -> file.getFileName().toString().endsWith(".md"))
          .sorted()
          .toList();
    }
  }

  /** Lines of the shell blocks of a document, without prompts, comments and empty ones. */
  private static List<String> shell(String text) {
    List<String> lines = new ArrayList<>();
    boolean inside = false;
    for (String line : text.lines().toList()) {
      if (line.startsWith("```")) {
        inside = line.equals("```sh");
      } else if (inside && !line.isBlank()) {
        lines.add(line.replaceFirst("\\s+#\\s.*", "").strip());
      }
    }
    return lines;
  }

  private static Set<String> commands() {
    Catalogue catalogue =
        new Catalogue(
            "test",
            Kinds::actions,
            List.of(
                new Serve("test", Map.of()),
                new ConfigExplain(Map.of()),
                new DirectoryRun("test", Map.of()),
                new FeedRun("test", Map.of()),
                new FeedSync("test", Map.of()),
                new FeedHook("test", Map.of()),
                new FeedPack(Map.of()),
                new GatewayCommand(Kinds.reader(Map.of(), Map.of(), Path.of("/"))),
                new MemberPrepare(Map.of(), Kinds.reader(Map.of(), Map.of(), Path.of("/"))),
                new DemoCommand(new DaemonsHere("test"))));
    return new TreeSet<>(new Commands(catalogue).names());
  }

  @Test
  @DisplayName("both commands stand at the top of the readme")
  void twoCommands() throws IOException {
    List<String> shown = shell(read("README.md"));
    assertThat(shown.subList(0, 2)).containsExactly("./cot demo", "./check");
  }

  @Test
  @DisplayName("every command that a document shows is there")
  void commandsExist() throws IOException {
    Set<String> known = commands();
    for (Path document : documents()) {
      for (String line : shell(Files.readString(document))) {
        List<String> words = Arrays.asList(line.split("\\s+"));
        String first = words.getFirst();
        if (first.equals("./cot") || first.equals("cot")) {
          String one = words.get(1);
          String two = words.size() > 2 ? one + " " + words.get(2) : one;
          assertThat(known.contains(one) || known.contains(two) || one.startsWith("--"))
              .as("%s: %s", ROOT.relativize(document), line)
              .isTrue();
        } else if (first.startsWith("./")) {
          assertThat(ROOT.resolve(first)).as("%s: %s", ROOT.relativize(document), line).exists();
        }
      }
    }
  }

  @Test
  @DisplayName("every link to a file of the project resolves")
  void linksResolve() throws IOException {
    for (Path document : documents()) {
      var links = LINK.matcher(Files.readString(document));
      while (links.find()) {
        if (!links.group(1).contains("://")) {
          assertThat(document.resolveSibling(links.group(1)))
              .as("link in %s", ROOT.relativize(document))
              .exists();
        }
      }
    }
  }

  /** Rows of the table below that heading: the first cell's code, and the row. */
  private static Map<String, List<String>> table(String text, String heading) {
    Map<String, List<String>> rows = new TreeMap<>();
    boolean inside = false;
    for (String line : text.lines().toList()) {
      if (line.startsWith("## ")) {
        inside = line.equals("## " + heading);
      } else if (inside && line.startsWith("| `")) {
        List<String> cells = Arrays.stream(line.split("\\|", -1)).map(String::strip).toList();
        rows.put(code(cells.get(1)), cells);
      }
    }
    assertThat(rows).as(heading).isNotEmpty();
    return rows;
  }

  private static String code(String cell) {
    var found = CODE.matcher(cell);
    return found.find() ? found.group(1) : cell;
  }

  private Loaded configuration(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("cotidal.yaml"), text);
    return Kinds.reader(Map.of(), Map.of("PW", "canary"), folder).read(file);
  }

  private List<Problem> unknownEverywhere() throws IOException {
    List<Problem> all = new ArrayList<>();
    for (String text : KindExamples.unknownEverywhere()) {
      all.addAll(((Loaded.Invalid) configuration(text)).problems());
    }
    return all;
  }

  @Test
  @DisplayName("the configuration keys of the reference are those that the reader knows")
  void configurationKeys() throws IOException {
    Set<String> known = new TreeSet<>();
    Set<String> groups = new TreeSet<>();
    for (Problem problem : unknownEverywhere()) {
      var keys = KNOWN.matcher(problem.remedy());
      if (!keys.find()) {
        continue;
      }
      String at =
          generic(problem.path()).replaceFirst("\\.?" + KindExamples.NOBODY_KNOWS + "$", "");
      groups.add(at);
      for (String key : keys.group(1).split(", ", -1)) {
        known.add(at.isEmpty() ? key : at + "." + key);
      }
    }
    assertThat(groups)
        .as("sections whose keys were told")
        .hasSize(
            String.join("", KindExamples.unknownEverywhere())
                    .split(KindExamples.NOBODY_KNOWS, -1)
                    .length
                - 1);
    groups.forEach(group -> known.remove(group.replaceFirst("\\[]$", "")));
    known.removeAll(REFERENCES.keySet());
    String text = read("docs/postgres.md");
    Set<String> shown = new TreeSet<>(keys().keySet());
    var later =
        CODE.matcher(
            text.lines().filter(l -> l.startsWith("Kept for later")).findFirst().orElseThrow());
    while (later.find()) {
      shown.add(later.group(1));
    }
    assertThat(shown).isEqualTo(known);
  }

  @Test
  @DisplayName("the defaults of the reference are those that hold")
  void configurationDefaults() throws IOException {
    Map<String, List<String>> rows = keys();
    Loaded least = configuration(KindExamples.least());
    assertThat(least).isInstanceOf(Loaded.Valid.class);
    for (Explained value : ((Loaded.Valid) least).configuration().values()) {
      if (value.origin().equals("default")) {
        List<String> row = rows.get(generic(value.path()));
        assertThat(row).as(value.path()).isNotNull();
        assertThat(code(row.get(2))).as(value.path()).isEqualTo(value.value());
      }
    }
  }

  /** The keys of every kind's document, with their rows. */
  private static Map<String, List<String>> keys() throws IOException {
    Map<String, List<String>> rows = new TreeMap<>();
    for (String document : REFERENCES.values()) {
      rows.putAll(table(read(document), "Configuration keys"));
    }
    return rows;
  }

  private static String generic(String path) {
    return path.replaceAll("\\[[^]]*]", "[]")
        .replaceFirst("^([a-z]+)\\." + KindExamples.RESOURCE + "\\b", "$1.NAME");
  }

  @Test
  @DisplayName("the actions of the reference are those that can be asked for")
  void actions() throws IOException {
    Map<String, String> declared = new TreeMap<>();
    for (Action action : Kinds.actions()) {
      declared.put(
          action.kind() + " " + action.name(),
          action.input().stream()
                  .map(field -> "`" + field.name() + "`")
                  .collect(Collectors.joining(", "))
              + " "
              + action.risk().name().toLowerCase(Locale.ROOT));
    }
    Map<String, String> shown = new TreeMap<>();
    for (Map.Entry<String, String> each : REFERENCES.entrySet()) {
      table(read(each.getValue()), "Actions")
          .forEach((name, cells) ->
              shown.put(each.getKey() + " " + name, cells.get(2) + " " + cells.get(3)));
    }
    assertThat(shown).isEqualTo(declared);
  }

  @Test
  @DisplayName("the operation types of the reference are known, with their risk")
  void operations() throws IOException {
    for (Wing wing : Kinds.ALL) {
      Kind<?, ?> kind = wing.kind();
      String document = Objects.requireNonNull(REFERENCES.get(kind.name()));
      table(read(document), "Operation types")
          .forEach((name, cells) ->
              assertThat(kind.operation(name).map(OperationType::risk).map(Enum::name))
                  .as("%s %s", kind.name(), name)
                  .hasValue(cells.get(2).toUpperCase(Locale.ROOT)));
    }
  }

  @Test
  @DisplayName("the exit codes of the reference are all of them")
  void exitCodes() throws IOException {
    List<String> numbers =
        read("docs/postgres.md").lines().filter(line -> line.matches("\\| \\d \\|.*")).toList();
    assertThat(numbers).hasSize(ExitCode.values().length);
  }

  @Test
  @DisplayName("every test that the scenarios and the promises of an original name is there")
  void scenariosNameTests() throws IOException {
    Set<String> files;
    try (Stream<Path> all = Files.walk(ROOT)) {
      files =
          all.map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(".java"))
              .map(name -> name.replace(".java", ""))
              .collect(Collectors.toSet());
    }
    Pattern test = Pattern.compile("`(\\w+(?:Test|IT|Sim))`");
    for (String document : List.of("docs/scenarios.md", "docs/objects.md")) {
      var names = test.matcher(read(document));
      while (names.find()) {
        assertThat(files).as(document).contains(names.group(1));
      }
    }
  }
}
