package io.cotidal.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The page's files are what their lists say. */
@Timeout(30)
final class PageFilesTest {
  private static final Path ROOT = Path.of("../web/src/main/resources/web");

  @Test
  @DisplayName("files.txt names every file of the page, index.html first")
  void listed() throws IOException {
    List<String> there;
    try (Stream<Path> files = Files.walk(ROOT)) {
      there =
          files
              .filter(Files::isRegularFile)
              .map(file -> ROOT.relativize(file).toString())
              .filter(name -> !name.equals("files.txt"))
              .toList();
    }
    List<String> listed = Files.readAllLines(ROOT.resolve("files.txt"));
    assertThat(listed).containsExactlyInAnyOrderElementsOf(there);
    assertThat(listed.getFirst()).isEqualTo("index.html");
  }

  @Test
  @DisplayName(
      "vendored libraries are unchanged since they were fetched, and each has its licence beside it")
  void vendored() throws Exception {
    JsonNode libraries = JsonMapper.shared().readTree(ROOT.resolve("vendor/vendor.json").toFile());
    assertThat(libraries).isNotEmpty();
    for (JsonNode library : libraries) {
      assertThat(library.get("licence").stringValue()).isIn("MIT", "Apache-2.0");
      assertThat(ROOT.resolve("vendor/" + library.get("licence_file").stringValue()))
          .isNotEmptyFile();
      for (JsonNode file : library.get("files")) {
        byte[] bytes = Files.readAllBytes(ROOT.resolve("vendor/" + file.get("file").stringValue()));
        byte[] hash = MessageDigest.getInstance("SHA-512").digest(bytes);
        assertThat(HexFormat.of().formatHex(hash)).isEqualTo(file.get("sha512").stringValue());
      }
    }
  }

  @Test
  @DisplayName("no file of the page has inline script or style, or reaches another host")
  void strict() throws IOException {
    for (String name : Files.readAllLines(ROOT.resolve("files.txt"))) {
      if (name.startsWith("vendor/")) {
        continue;
      }
      String text = Files.readString(ROOT.resolve(name));
      assertThat(text).as(name).doesNotContain("innerHTML", "eval(", "style=", "//cdn");
      assertThat(text.replace("http://www.w3.org/2000/svg", ""))
          .as(name)
          .doesNotContain("http://", "https://");
    }
    assertThat(Files.readString(ROOT.resolve("index.html")))
        .doesNotContain("<style")
        .doesNotContainPattern("<script(?! type=\"module\" src=)");
  }
}
