package io.cotidal.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./check scenarios} on a project of a few files. */
@Timeout(120)
final class ScenarioListTest {
  @TempDir Path project;

  @BeforeEach
  void list() throws IOException {
    write("docs/scenarios.md", "Z1 Z2 Z3 Z4 Z5");
  }

  /** Made here, so that nobody takes this class for a test of such scenarios. */
  private static String ids(String text) {
    return text.replaceAll("\\bZ[0-9]", "feeds/$0");
  }

  private void write(String name, String text) throws IOException {
    Path file = project.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, ids(text));
  }

  private void test(String module, String name, String text) throws IOException {
    write(module + "/src/test/java/x/" + name + ".java", "package x;\n\n" + text);
  }

  private String scenarios() throws IOException, InterruptedException {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.exists(root.resolve("tools/Reports.java"))) {
      root = Objects.requireNonNull(root.getParent(), "not in the project");
    }
    Path answer = project.resolve("answer.txt");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                root.resolve("tools/Reports.java").toString(),
                "scenarios",
                project.toString())
            .redirectErrorStream(true)
            .redirectOutput(answer.toFile())
            .start();
    try {
      assertThat(process.waitFor(100, TimeUnit.SECONDS)).as("it ends").isTrue();
    } finally {
      process.destroyForcibly();
    }
    return Files.readString(answer).replace("feeds/", "");
  }

  @Test
  @DisplayName("a conformance kit's scenarios count for each test class that runs it")
  void kits() throws Exception {
    test("engine", "Kit", "abstract class Kit {\n  // Z1\n}\n");
    test("engine", "Wider", "/** More. */\nabstract class Wider extends Kit {\n  // Z2\n}\n");
    test("engine", "OneIT", "final class OneIT\n    extends Wider {\n}\n");
    test("engine", "TwoTest", "class TwoTest extends Kit {\n  // Z3\n}\n");

    assertThat(scenarios())
        .containsPattern("Z1 +not run +OneIT\n")
        .containsPattern("Z1 +not run +TwoTest\n")
        .containsPattern("Z2 +not run +OneIT\n")
        .doesNotContainPattern("Z2 +not run +TwoTest\n")
        .containsPattern("Z3 +not run +TwoTest\n")
        .contains("Without a test (2): Z4 Z5");
  }

  @Test
  @DisplayName("a kit that nobody runs proves nothing, and a kit of another module is not taken")
  void orphans() throws Exception {
    test("engine", "Orphan", "abstract class Orphan {\n  // Z4\n}\n");
    test("engine", "Kit", "abstract class Kit {\n  // Z1\n}\n");
    test("store", "Kit", "abstract class Kit {\n  // Z5\n}\n");
    test(
        "store",
        "OneTest",
        "/** Not class OneTest extends Orphan. */\nclass OneTest extends Kit {}\n");

    assertThat(scenarios())
        .containsPattern("Z5 +not run +OneTest\n")
        .contains("Without a test (4): Z1 Z2 Z3 Z4");
  }
}
