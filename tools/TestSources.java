import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The tests as they are written. What stands in a conformance kit counts for each class that runs
 * it, and a kit that no class runs counts for nothing.
 */
final class TestSources {
  private static final Pattern RUN = Pattern.compile(".*(Test|IT|Sim)");

  private final List<Source> sources = new ArrayList<>();

  /**
   * One file.
   *
   * @param parent the class that its own extends; empty if none
   */
  private record Source(Path module, String type, String parent, String text) {}

  TestSources(Modules modules) throws IOException {
    for (var file : modules.files(TestSources::isTest)) {
      var text = Files.readString(file);
      var type = file.getFileName().toString().replace(".java", "");
      sources.add(new Source(module(file), type, parent(type, text), text));
    }
  }

  private static boolean isTest(Path file) {
    return file.getFileName().toString().endsWith(".java")
        && file.toString().contains("/src/test/java/");
  }

  private static Path module(Path file) {
    return Path.of(file.toString().replaceFirst("/src/test/java/.*", ""));
  }

  private static String parent(String type, String text) {
    // only at the beginning of a line: comments are indented or begin with a star
    var declared =
        Pattern.compile(
                "^[a-z -]*\\bclass " + type + "(?:<[^{]*?>)?\\s+extends\\s+(\\w+)",
                Pattern.MULTILINE)
            .matcher(text);
    return declared.find() ? declared.group(1) : "";
  }

  /** The classes whose tests are run. */
  Collection<String> run() {
    var names = new TreeSet<String>();
    sources.stream()
        .map(Source::type)
        .filter(type -> RUN.matcher(type).matches())
        .forEach(names::add);
    return names;
  }

  /** What {@code ids} finds in the class of that name and in what it extends. */
  Set<String> of(String type, Function<String, Set<String>> ids) {
    var found = new TreeSet<String>();
    for (var source : sources) {
      if (source.type().equals(type)) {
        var seen = new TreeSet<String>();
        Optional<Source> at = Optional.of(source);
        while (at.isPresent() && seen.add(at.get().type())) {
          found.addAll(ids.apply(at.get().text()));
          at = above(at.get());
        }
      }
    }
    return found;
  }

  /** Kits stand in the module of those who run them. */
  private Optional<Source> above(Source source) {
    return sources.stream()
        .filter(
            other -> other.module().equals(source.module()) && other.type().equals(source.parent()))
        .findFirst();
  }
}
