package io.cotidal.feeds.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.feeds.job.Thing.Wish;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Whatever a repository holds: it is read, and nothing is thrown. */
class JobsPropertyTest {
  private static final List<String> KEYS =
      List.of(
          "action",
          "data",
          "meta",
          "file",
          "md5",
          "styles",
          "default_style",
          "builtin",
          "bbox",
          "keywords",
          "crs",
          "title",
          "auth_level",
          "layers",
          "type",
          "name",
          "workspace",
          "schema",
          "geoserver_setting",
          "create_cache_layer",
          "meta_tiling_factor",
          "capability_url",
          "host",
          "port",
          "database",
          "user",
          "passwd",
          "store",
          "viewsql",
          "dump_path",
          "job_id",
          "x\\n");
  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "-1",
          "1",
          "2",
          "1e400",
          "0.5",
          "\"\"",
          "\"publish\"",
          "\"remove\"",
          "[]",
          "{}",
          "\"u@h:/a/b\"",
          "\"u@h:/../b\"",
          "\"http://h/\"",
          "\"[1,2,3,4]\"",
          "\"[[[\"",
          "[1,2,3,4]",
          "\"select 1\"",
          "\"\\u0000\"",
          "\"\\ud800\"",
          "99999999999999999999",
          "\"s\"",
          "\"t\"",
          "\"EPSG:4326\"",
          "\"0123456789abcdef0123456789abcdef\"");

  @Provide
  Arbitrary<String> documents() {
    Arbitrary<String> value =
        Arbitraries.recursive(
            () -> Arbitraries.of(VALUES),
            inner ->
                Arbitraries.frequencyOf(
                    Tuple.of(
                        1, inner.list().ofMaxSize(3).map(all -> "[" + String.join(",", all) + "]")),
                    Tuple.of(4, object(inner))),
            0,
            3);
    return Arbitraries.oneOf(object(value), value, Arbitraries.strings().ofMaxLength(60));
  }

  private static Arbitrary<String> object(Arbitrary<String> value) {
    return Arbitraries.maps(Arbitraries.of(KEYS), value)
        .ofMaxSize(6)
        .map(map ->
            "{"
                + String.join(
                    ",",
                    map.entrySet().stream()
                        .map(e -> "\"" + e.getKey() + "\":" + e.getValue())
                        .toList())
                + "}");
  }

  @Provide
  Arbitrary<String> paths() {
    return Arbitraries.oneOf(
        Arbitraries.of(Sort.values())
            .filter(Sort::foldered)
            .map(sort ->
                "kmi/" + sort.folder() + "/s" + (sort == Sort.WORKSPACE ? "" : ".t") + ".json"),
        Arbitraries.of("kmi/layers.properties", "slave_roles.sql", "kmi/layers/s.json"),
        Arbitraries.strings().ofMaxLength(20).map(name -> "kmi/layers/" + name + ".json"));
  }

  @Property(tries = 3000)
  void arbitraryDocumentsAreRead(
      @ForAll("paths") String path,
      @ForAll("documents") String job,
      @ForAll("documents") String metadata) {
    List<Thing> things = Samples.all(_ -> Optional.of(metadata), path, job);
    assertThat(things).hasSizeLessThanOrEqualTo(1);
    for (Thing thing : things) {
      assertThat(thing.subject().key()).matches("[A-Za-z0-9_./-]+");
      if (thing.wish() instanceof Wish.Refused refused) {
        assertThat(refused.reason())
            .matches("[^\\n\\r\\u0000]+: [^\\n\\r\\u0000]+; [^\\n\\r\\u0000]+");
      }
    }
    assertThat(Samples.all(_ -> Optional.of(metadata), path, job)).isEqualTo(things);
  }

  @Property(tries = 2000)
  void arbitraryQueriesAreJudged(@ForAll String query) {
    assertThat(SelectOnly.refusal("select " + query)).isNotNull();
  }
}
