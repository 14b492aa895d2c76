package io.cotidal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
@DisplayName("Jobs of replicas of published datasets")
final class FeedCommandsTest {
  private static final String PARKS = "/api/v1/resources/feeds/parks";
  private static final String REPORT =
      """
      {"sentence":"1 of 2 jobs are in force","lines":[
        {"subject":"layer/sites.parcels","verdict":"yes","sentence":"is in force","remedy":"","facts":{"generation":"g3"}},
        {"subject":"layer/sites.roads","verdict":"no","sentence":"the dump is damaged","remedy":"it is tried again","facts":{}}]}
      """;

  private ApiServer server;

  @BeforeEach
  void start() throws IOException {
    server = new ApiServer();
    feeds("parks");
    server.on("GET " + PARKS + "/jobs", REPORT);
    server.on("GET " + PARKS + "/explain?job=layer%2Fsites.roads", REPORT);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void feeds(String... names) {
    StringBuilder all = new StringBuilder(Fleet.USERS);
    for (String name : names) {
      all.append(',').append(Fleet.USERS.replace("postgres/users", "feeds/" + name));
    }
    server.on("GET /api/v1/resources", "{\"resources\":[" + all + "]}");
  }

  private Shell.Result cot(String line) {
    return new Shell(server.address()).run(line.split(" "));
  }

  @Test
  @DisplayName("The only replica need not be named; one job that is not in force ends with 1")
  void jobs() {
    Shell.Result result = cot("feed jobs");
    assertThat(result.exit()).as(result.err()).isEqualTo(1);
    assertThat(result.out())
        .contains("layer/sites.parcels", "generation g3", "the dump is damaged");
    assertThat(cot("feed jobs --feed feeds/parks").out()).isEqualTo(result.out());
    assertThat(cot("feed jobs --feed parks").out()).isEqualTo(result.out());
  }

  @Test
  @DisplayName("One job is asked for by its key")
  void explain() {
    assertThat(cot("feed explain layer/sites.roads").out()).contains("the dump is damaged");
  }

  @Test
  @DisplayName("A roll-back is one request, and names the generation if there is one")
  void rollBack() {
    server.on(
        "POST " + PARKS + "/roll-back",
        new ApiServer.Answer(
            201,
            Fleet.operation("roll-back", "disruptive", "done", "", 100, 300_000, "")
                .replace("postgres/orders#17", "feeds/parks#9"),
            ""));
    Shell.Result result = cot("feed rollback layer/sites.parcels --generation g2");
    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(server.writes().getFirst().body())
        .isEqualTo("{\"job\":\"layer/sites.parcels\",\"generation\":\"g2\"}");
  }

  @ParameterizedTest
  @CsvSource({
    "feed rollback",
    "feed explain",
    "feed rollback x --generation G2",
    "feed jobs --feed ../x",
    "feed retry x --timeout 5s"
  })
  @DisplayName("What makes no sense is a usage error, and nothing is asked")
  void usage(String line) {
    Shell.Result result = cot(line);
    assertThat(result.exit()).as(result.err()).isEqualTo(2);
    assertThat(result.err()).hasLineCount(1);
    assertThat(server.requests()).isEmpty();
  }

  @Test
  @DisplayName("Two replicas: one must be named. None: that is said")
  void which() {
    feeds("parks", "roads");
    Shell.Result two = cot("feed jobs");
    assertThat(two.exit()).isEqualTo(2);
    assertThat(two.err())
        .isEqualTo("cot: there are 2 feeds: feeds/parks, feeds/roads; write --feed NAME\n");
    feeds();
    assertThat(cot("feed jobs").exit()).isEqualTo(4);
  }
}
