package io.cotidal.feeds.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.feeds.job.Thing.Wish;
import java.util.Locale;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
@DisplayName("what changes the digests of a job, and what does not")
final class DigestsTest {
  @Test
  @DisplayName(
      "deltas lead from dump to dump, the last one to the job's own; they change no digest")
  void deltas() {
    String job = "{\"data\":{\"file\":\"m:/d/x.db\",\"md5\":\"%s\"%s}}";
    String[] md5 = {"a".repeat(32), "b".repeat(32), "c".repeat(32)};
    Wish.Publish bare = one(job.formatted(md5[2], ""));
    Wish.Publish offering =
        one(
            job.formatted(
                md5[2],
                """
                ,"deltas":[
                {"file":"m:/d/1","md5":"%1$s","from":"%1$s","to":"%2$s","more":7},
                {"file":"m:/d/2","md5":"%2$s","from":"%2$s"}]
                """
                    .formatted(md5[0], md5[1].toUpperCase(Locale.ROOT))));
    assertThat(offering.data()).isEqualTo(bare.data());
    assertThat(offering.face()).isEqualTo(bare.face());
    assertThat(offering.body())
        .isInstanceOfSatisfying(
            Body.Layer.class,
            layer ->
                assertThat(layer.deltas())
                    .containsExactly(
                        new Body.Delta(
                            new Blob("m", "/d/1", md5[0]),
                            one(job.formatted(md5[0], "")).data(),
                            one(job.formatted(md5[1], "")).data()),
                        new Body.Delta(
                            new Blob("m", "/d/2", md5[1]),
                            one(job.formatted(md5[1], "")).data(),
                            bare.data())));
    String unpinned =
        """
        {"data":{"file":"m:/d/x.db","deltas":[{"file":"m:/d/2","md5":"MD5","from":"MD5"}]}}
        """
            .replace("MD5", md5[0]);
    assertThat(((Body.Layer) one(unpinned).body()).deltas())
        .as("a dump without a checksum is where nothing leads to")
        .isEmpty();
  }

  private static Wish.Publish one(String text) {
    return Samples.one("kmi/layers/s.t.json", text).publish().orElseThrow();
  }

  @Test
  @DisplayName("the table's digest follows the dump alone, the face's everything that is shown")
  void digests() {
    String a = "a".repeat(32);
    String b = "b".repeat(32);
    Wish.Publish before = layer("1", "10:00", "T", "x", a, a);
    Wish.Publish later = layer("2", "11:00", "T", "elsewhere", a, a);
    assertThat(later.data()).isEqualTo(before.data());
    assertThat(later.face()).isEqualTo(before.face());
    assertThat(layer("1", "10:00", "T", "x", b, a).data()).isNotEqualTo(before.data());
    assertThat(layer("1", "10:00", "T", "x", b, a).face()).isEqualTo(before.face());
    assertThat(layer("1", "10:00", "U", "x", a, a).face()).isNotEqualTo(before.face());
    assertThat(layer("1", "10:00", "T", "x", a, b).face()).isNotEqualTo(before.face());
    assertThat(layer("1", "10:00", "T", "x", a, b).data()).isEqualTo(before.data());
    assertThat(layer("2", "10:00", "T", "x", "", a).data())
        .as("without an MD5 the batch stands for the content")
        .isNotEqualTo(layer("1", "10:00", "T", "x", "", a).data());
  }

  private static Wish.Publish layer(
      String batch, String time, String title, String folder, String md5, String style) {
    return Samples.one(
            "kmi/layers/s.t.json",
            """
            {"job_batch_id": "%s", "publish_time": "%s", "workspace": "s", "name": "t", "title": "%s",
             "data": {"file": "b@m:/%s/t.db", "md5": "%s"}, "geoserver_setting": {"create_cache_layer": true},
             "styles": {"builtin": {"file": "b@m:/x/t.sld", "md5": "%s"}}}
            """
                .formatted(batch, time, title, folder, md5, style))
        .publish()
        .orElseThrow();
  }

  @Test
  @DisplayName("a request to empty tiles changes its digest alone; beside no job it says nothing")
  void emptied() {
    String job = "{\"data\":{\"file\":\"b@m:/d/t.db\"}}";
    Wish.Publish none = Samples.one("kmi/layers/s.t.json", job).publish().orElseThrow();
    Wish.Publish once = emptied(job, "10:00");
    assertThat(none.emptied()).isEmpty();
    assertThat(once.emptied()).isNotEmpty().isNotEqualTo(emptied(job, "11:00").emptied());
    assertThat(once.data()).isEqualTo(none.data());
    assertThat(once.face()).isEqualTo(none.face());
    assertThat(
            Samples.all(
                Documents.NONE,
                "kmi/layers/s.t.empty_gwc.json",
                "{}",
                "kmi/layers/s.u.meta.json",
                "{}"))
        .isEmpty();
  }

  private static Wish.Publish emptied(String job, String time) {
    return Samples.one(
            "kmi/layers/s.t.json",
            job,
            "kmi/layers/s.t.empty_gwc.json",
            "{\"action\":\"empty_gwc\",\"publish_time\":\"" + time + "\"}")
        .publish()
        .orElseThrow();
  }
}
