package io.cotidal.feeds.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.feeds.job.Thing.Wish;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
@DisplayName("feeds/S15: hostile jobs are refused with place, reason and remedy; others go on")
class HostileJobsTest {
  private static final String GOOD = "{\"title\":\"good\"}";

  static String refused(String path, String text) {
    List<Thing> things = Samples.all(Documents.NONE, path, text, "kmi/layers/good.one.json", GOOD);
    assertThat(things).hasSize(2).anyMatch(thing -> thing.publish().isPresent());
    Thing bad = things.stream().filter(t -> t.path().equals(path)).findFirst().orElseThrow();
    assertThat(bad.wish()).isInstanceOf(Wish.Refused.class);
    assertThat(Grammar.workspace(bad.subject().workspace())).isTrue();
    assertThat(Grammar.name(bad.subject().title())).isTrue();
    String reason = ((Wish.Refused) bad.wish()).reason();
    assertThat(reason).doesNotContain("\n").contains("; ").contains(": ").hasSizeLessThan(600);
    return reason;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "kmi/layers/x\"; DROP SCHEMA public; --.t.json",
        "kmi/layers/s.x\"; DROP SCHEMA public; --.json",
        "kmi/layers/s.it's.json",
        "kmi/layers/noworkspace.json",
        "kmi/layers/.json",
        "kmi/layers/s..json",
        "kmi/layers/s...etc.json",
        "kmi/layers/-s.t.json",
        "kmi/layers/s.-oProxyCommand=x.json",
        "kmi/layers/s.t t.json",
        "kmi/layers/s.t\n.json",
        "kmi/layers/s.\u202et.json",
        "kmi/layers/sch\u00f6n.t.json",
        "kmi/workspaces/pg_catalog.json",
        "kmi/workspaces/PG_toast.json",
        "kmi/workspaces/information_schema.json",
        "kmi/workspaces/public.json",
        "kmi/workspaces/cotidal.json",
        "kmi/workspaces/a.b.json"
      })
  void names(String path) {
    assertThat(refused(path, "{}")).startsWith("kmi/");
  }

  @Test
  void longNames() {
    String reason = refused("kmi/layers/s." + "n".repeat(64) + ".json", "{}");
    assertThat(reason).contains("1 to 63");
    assertThat(refused("kmi/layers/s.e\u00e9.json", "{}")).contains("is no name");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          {"workspace":"other"} | workspace: 'other' is not what the file is called
          {"name":"x\\"; DROP SCHEMA public; --"} | name: 'x"; DROP SCHEMA public; --' is not what
          {"schema":"pg_catalog"} | schema: 'pg_catalog' is no schema for jobs
          {"data_schema":"Information_Schema"} | data_schema: 'Information_Schema' is no schema
          {"outdated_schema":"a\\"b"} | outdated_schema: 'a"b' is no schema
          {"data_schema":"s"} | data_schema: is one of the other schemas
          {"data":{"deltas":7}} | data.deltas: is no list
          {"data":{"deltas":[7]}} | data.deltas: holds what is no object
          {"data":{"deltas":[{}]}} | data.deltas[0].file: is missing
          {"data":{"deltas":[{"file":"-oProxyCommand=x:/a"}]}} | data.deltas[0].file: '-oProxyCommand=x:/a' names no host
          {"data":{"deltas":[{"file":"h:/a/../b"}]}} | data.deltas[0].file: 'h:/a/../b' has a path
          {"data":{"deltas":[{"file":"h:/a"}]}} | data.deltas[0].from: is missing
          {"data":{"deltas":[{"file":"h:/a","from":"0123456789abcdef0123456789abcdef"}]}} | data.deltas[0].md5: is missing
          {"data":{"deltas":[{"file":"h:/a","md5":"x"}]}} | data.deltas[0].md5: 'x' is no MD5
          {"data":{"deltas":[{"file":"h:/a","from":"1:2"}]}} | data.deltas[0].from: '1:2' is no MD5
          {"data":{"deltas":[{"file":"h:/a","md5":"0123456789abcdef0123456789abcdef","from":"0123456789abcdef0123456789abcdef","to":"y"}]}} | data.deltas[0].to: 'y' is no MD5
          {"data":{"file":"user@host:/../../etc/passwd"}} | data.file: 'user@host:/../../etc/passwd' has a path
          {"data":{"file":"u@h:/a/./b"}} | data.file: 'u@h:/a/./b' has a path
          {"data":{"file":"u@h:/a/--rsync-path=touch x"}} | data.file: 'u@h:/a/--rsync-path=touch x' has a path
          {"data":{"file":"u@h:/a/--rsync-path=x"}} | data.file: 'u@h:/a/--rsync-path=x' has a path
          {"data":{"file":"u@h:/a;id"}} | data.file: 'u@h:/a;id' has a path
          {"data":{"file":"-oProxyCommand=id:/x"}} | data.file: '-oProxyCommand=id:/x' names no host
          {"data":{"file":"u@-oProxyCommand=id:/x"}} | data.file: 'u@-oProxyCommand=id:/x' names no host
          {"data":{"file":"-l@h:/x"}} | data.file: '-l@h:/x' names no host
          {"data":{"file":"/etc/passwd"}} | data.file: '/etc/passwd' is no file at a master
          {"data":{"file":"u@h:relative"}} | data.file: 'u@h:relative' is no file at a master
          {"data":{"file":"rsync://h/x"}} | data.file: 'rsync://h/x' has a path
          {"data":{"file":["u@h:/x"]}} | data.file: is no text
          {"data":{"file":"u@h:/x","md5":"zz"}} | data.md5: 'zz' is no MD5
          {"data":"u@h:/x"} | data: is no object
          {"meta":{}} | meta.file: is missing
          {"styles":{"../../x":{"file":"u@h:/x"}}} | styles.../../x: '../../x' is no name
          {"styles":{"a":{"file":"u@h:/../x"}}} | styles.a.file: 'u@h:/../x' has a path
          {"styles":{"a":{"file":"u@h:/x"}},"default_style":"b"} | default_style: 'b' is none of its styles
          {"preview_path":"u@h:/a/../b"} | preview_path: 'u@h:/a/../b' has a path
          {"action":"explode"} | action: 'explode' is not known here
          {"auth_level":9} | auth_level: '9' is out of range
          {"bbox":[1,2,3]} | bbox: is no rectangle
          {"bbox":"[1,2,3,"} | bbox: line 1: is no JSON
          {"bbox":"7"} | bbox: is no rectangle
          {"bbox":[3,2,1,4]} | bbox: is no rectangle
          {"crs":"EPSG:4326'); DROP"} | crs: 'EPSG:4326'); DROP' is no reference system
          {"title":"a\\u0000b"} | title: holds characters that cannot be shown
          {"title":"\\ud800"} | title: holds characters that cannot be shown
          {"sync_postgres_data":"perhaps"} | sync_postgres_data: 'perhaps' is neither true nor false
          {"spatial_column":"a\\" from x"} | spatial_column: 'a" from x' is no name
          {"geoserver_setting":{"create_cache_layer":true,"meta_tiling_factor":[1,9999]}} | geoserver_setting.meta_tiling_factor.height
          {"geoserver_setting":{"create_cache_layer":true,"client_cache_expire":-5}} | geoserver_setting.client_cache_expire: '-5' is out of range
          {"title":1e999} | line 1: holds a number that is too large
          {"title":123456789012345678901} | line 1: holds a whole number beyond 64 bits
          {"title":11111111111111111111111111111111111111111111} | line 1: holds a number of more than 40 digits
          {"a":1,"a":2} | line 1: says 'a' twice
          {"a":{"b":1,"b":2}} | line 1: says 'b' twice
          {"a":NaN} | line 1: is no JSON
          [1] | line 1: is no JSON object
          {} {} | line 1: goes on after the object
          {"a": | line 1: is no JSON
          ~~ | line 1: is no JSON object
          null | line 1: is no JSON object
          """)
  void layers(String text, String reason) {
    assertThat(refused("kmi/layers/s.t.json", text)).startsWith("kmi/layers/s.t.json: " + reason);
  }

  @Test
  @DisplayName("what is too large or nests too deeply is refused at once")
  void bounds() {
    String huge = "{\"title\":\"" + "x".repeat(50 << 20) + "\"}";
    assertThat(refused("kmi/layers/s.t.json", huge)).contains("is larger than 1048576");
    assertThat(refused("kmi/layers/s.t.json", "{\"a\":".repeat(40) + "1" + "}".repeat(40)))
        .contains("nests deeper than 32");
    assertThat(refused("kmi/layers/s.t.json", "{\"a\":" + "[".repeat(100_000)))
        .contains("nests deeper than 32");
    assertThat(refused("kmi/layers.properties", "x".repeat(2 << 20))).contains("is larger");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          nothing | line 1: 'nothing' is no rule
          a.b.x=A | line 1: 'a.b.x' is no resource
          mode=SHOUT | line 1: 'SHOUT' is no mode
          a.b.r= | line 1: '' are no roles
          a.b.r=A B | line 1: 'A B' are no roles
          a/b.c.r=A | line 1: 'a/b.c.r' is no resource
          """)
  void rules(String text, String reason) {
    assertThat(refused("kmi/layers.properties", text))
        .startsWith("kmi/layers.properties: " + reason);
  }

  @Test
  void rulesThatAreSaidTwice() {
    assertThat(refused("kmi/layers.properties", "# c\n\na.*.r = A , B\na.*.r=C"))
        .startsWith("kmi/layers.properties: line 4: 'a.*.r' has a rule already");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ALTER ROLE x SUPERUSER",
        "create role x superuser;",
        "COPY x FROM PROGRAM 'id'",
        "DO $$ BEGIN EXECUTE 'alter   system set x = 1'; END $$",
        "\\! id",
        "select 1;\n  \\copy x from y",
        "GRANT pg_read_server_files TO x",
        "CREATE FUNCTION f() returns int"
      })
  void roles(String text) {
    assertThat(refused("slave_roles.sql", text)).startsWith("slave_roles.sql: ");
  }

  @Test
  @DisplayName("fetched metadata are checked like jobs, and named by where they lie")
  void metadata() {
    Documents documents = blob -> Optional.of("{\"title\":\"a\",\"title\":\"hunter2\"}");
    Thing thing =
        Samples.all(documents, "kmi/layers/s.t.json", "{\"meta\":{\"file\":\"u@h:/m.json\"}}")
            .getFirst();
    assertThat(thing.wish())
        .isEqualTo(new Wish.Refused("u@h:/m.json: line 1: says 'title' twice; say it once"));
  }

  @Test
  @DisplayName("a file beside a job that cannot be read holds its subject back")
  void besides() {
    for (String beside : List.of("kmi/layers/s.t.meta.json", "kmi/layers/s.t.empty_gwc.json")) {
      Thing thing = Samples.one("kmi/layers/s.t.json", GOOD, beside, "{\"action\":\"explode\"}");
      assertThat(thing.wish())
          .isInstanceOfSatisfying(
              Wish.Refused.class,
              refused -> assertThat(refused.reason()).startsWith(beside + ": action: 'explode'"));
    }
  }
}
