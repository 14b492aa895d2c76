package io.cotidal.feeds.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** Where there is a real Python, it decides alike. */
@Timeout(60)
@DisplayName("a filter decides as Python does")
class FilterAgainstPythonIT {
  private static final long SEED = 20_261_122;
  private static final int CASES = 3000;

  /** A key that is missing is None, and an error excludes the job: that is the contract. */
  private static final String PROGRAM =
      """
      import json, sys, warnings
      warnings.simplefilter('ignore')
      class Job(dict):
          def __missing__(self, key):
              return None
      for line in open(sys.argv[1], encoding='utf-8'):
          case = json.loads(line, object_pairs_hook=Job)
          f = eval(case['filter'])
          try:
              print('1' if f(case['job']) else '0')
          except Exception:
              print('0')
      """;

  @TempDir private Path folder;

  @Test
  void decidesAlike() throws IOException, InterruptedException {
    List<Map<String, Object>> cases = new ArrayList<>();
    for (int i = 0; i < CASES; i++) {
      RandomFilters random = new RandomFilters(SEED + i);
      cases.add(Map.of("filter", Printed.filter(random.filter()), "job", random.job()));
    }
    List<String> answers = python(cases);
    assertThat(answers).hasSize(CASES);
    for (int i = 0; i < CASES; i++) {
      String text = (String) cases.get(i).get("filter");
      Map<String, Object> job = new RandomFiltersJob(cases.get(i)).job();
      assertThat(Filter.parse(text).judge(job).admitted())
          .as("seed %d: %s of %s", SEED + i, text, job)
          .isEqualTo(answers.get(i).equals("1"));
    }
  }

  private record RandomFiltersJob(Map<String, Object> one) {
    @SuppressWarnings("unchecked") // it was put there as such
    Map<String, Object> job() {
      return (Map<String, Object>) one.get("job");
    }
  }

  private List<String> python(List<Map<String, Object>> cases)
      throws IOException, InterruptedException {
    JsonMapper json = JsonMapper.builder().build();
    Path file = folder.resolve("cases");
    Path out = folder.resolve("out");
    Files.write(file, cases.stream().map(json::writeValueAsString).toList());
    try {
      Process python =
          new ProcessBuilder("python3", "-c", PROGRAM, file.toString())
              .redirectErrorStream(true)
              .redirectOutput(out.toFile())
              .start();
      try {
        assertThat(python.waitFor(30, TimeUnit.SECONDS)).as("python ends").isTrue();
      } finally {
        python.destroyForcibly().waitFor();
      }
    } catch (IOException e) {
      Assumptions.abort("SKIPPED, not compared with Python: " + e.getMessage());
    }
    return Files.readAllLines(out, StandardCharsets.UTF_8);
  }
}
