package io.cotidal.feeds.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.feeds.job.Thing.Wish;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(20)
@DisplayName("jobs as masters of other years wrote them, and metadata beside them")
final class OlderJobsTest {
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          (b) before 2016-03-18 | {"workspace":"s","name":"t","data":{"file":"b@m:/d/t.tar","md5":"MD5"},"styles":{"builtin":{"file":"b@m:/d/t.sld","md5":"MD5"}},"title":"T","action":"publish"}
          (c) before 2016-02-17 | {"workspace":"s","name":"t","dump_path":"b@m:/d/t.tar","data_md5":"MD5","style_path":"b@m:/d/t.sld","style_md5":"MD5","title":"T","schema":"s"}
          """)
  @DisplayName("feeds/S17: jobs of older masters are understood")
  void olderShapes(String shape, String text) {
    String md5 = "0123456789abcdef".repeat(2);
    Wish.Publish wish =
        Samples.one("kmi/layers/s.t.json", text.replace("MD5", md5)).publish().orElseThrow();
    Blob dump = new Blob("b@m", "/d/t.tar", md5);
    assertThat(wish.body())
        .isInstanceOfSatisfying(
            Body.Layer.class,
            layer -> {
              assertThat(layer.data()).contains(dump);
              assertThat(layer.schemas()).isEqualTo(new Body.Schemas("s", "s_data", "s_outdated"));
              assertThat(layer.face().styles())
                  .containsExactly(Map.entry("builtin", new Blob("b@m", "/d/t.sld", md5)));
              assertThat(layer.face().defaultStyle()).isEqualTo("builtin");
              assertThat(layer.face().title()).isEqualTo("T");
            });
  }

  @Test
  @DisplayName(
      "feeds/S17: a remove job with metadata only takes its name from the path and reads nothing")
  void removeWithMetadataOnly() {
    Thing thing =
        Samples.one(
            "kmi/layers/s.t.json",
            """
            {"action":"remove","job_id":7,"meta":{"file":"b@m:/gone.json","md5":"%s"}}
            """
                .formatted("c".repeat(32)));
    assertThat(thing.wish()).isEqualTo(new Wish.Remove());
    assertThat(thing.subject()).isEqualTo(new Subject(Sort.LAYER, "s", "t"));
    assertThat(thing.fields()).containsEntry("workspace", "s").containsEntry("name", "t");
  }

  @Test
  @DisplayName("newer metadata go before those of the publish job; a table stays the job's")
  void newerMetadata() {
    Documents documents =
        blob ->
            Optional.of(
                blob.path().startsWith("/new")
                    ? "{\"title\":\"new\",\"data\":{\"file\":\"b@m:/evil.db\"}}"
                    : "{\"title\":\"old\",\"abstract\":\"kept\"}");
    Thing thing =
        Samples.all(
                documents,
                "kmi/layers/s.t.json",
                "{\"data\":{\"file\":\"b@m:/d/t.db\"},\"meta\":{\"file\":\"b@m:/old.json\"}}",
                "kmi/layers/s.t.meta.json",
                "{\"action\":\"meta\",\"sync_postgres_data\":false,\"meta\":{\"file\":\"b@m:/new.json\"}}")
            .getFirst();
    assertThat(thing.publish().orElseThrow().body())
        .isInstanceOfSatisfying(
            Body.Layer.class,
            layer -> {
              assertThat(layer.face().title()).isEqualTo("new");
              assertThat(layer.face().summary()).isEqualTo("kept");
              assertThat(layer.database()).isTrue();
              assertThat(layer.data()).contains(new Blob("b@m", "/d/t.db", ""));
            });
  }
}
