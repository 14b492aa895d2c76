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

  private static String refused(String path, String text) {
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

  private static final String STORE =
      "{\"capability_url\":\"%s\",\"username\":\"me\",\"password\":\"hunter2\"}";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          file:///etc/passwd | 'file' is not spoken here
          gopher://h/x | 'gopher' is not spoken here
          jar:http://h/x | is no URL
          //h/x | is no URL
          http://169.254.169.254/latest/meta-data | '169.254.169.254' is for machines
          http://169.254.1.1:80/ | '169.254.1.1' is for machines
          http://2852039166/ | '2852039166' is no address
          http://0xa9fea9fe/ | '0xa9fea9fe' is no address
          http://0251.0376.0251.0376/ | '0251.0376.0251.0376' is no address
          http://169.16689662/ | '169.16689662' is no address
          http://[fe80::1]/ | '[fe80::1]' is for machines
          http://[::ffff:169.254.169.254]/ | '[::ffff:169.254.169.254]' is for machines
          http://[::ffff:a9fe:a9fe]/ | '[::ffff:a9fe:a9fe]' is for machines
          http://[fd00:ec2::254]/ | '[fd00:ec2::254]' is for machines
          http://metadata.google.internal/ | 'metadata.google.internal' is for machines
          http://METADATA.google.internal./ | is for machines
          http://100.100.100.200/ | is for machines
          http://me:hunter2@h.example.org/ | holds a login
          http://h.example.org:99999/ | port 99999 is out of range
          http://h.example.org:0/ | port 0 is out of range
          http://h.example.org:x/ | is no host
          http:///x | is no host
          http://h ost/ | is no URL
          http://h/<x> | is no URL
          """)
  void capabilities(String url, String reason) {
    assertThat(refused("kmi/wms_stores/s.t.json", STORE.formatted(url)))
        .startsWith("kmi/wms_stores/s.t.json: capability_url: ")
        .contains(reason)
        .doesNotContain("hunter2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:8080/wms?service=WMS&x={y}",
        "https://maps.example.org/a/b?c=d%20e#f",
        "HTTP://Maps.example.org.:80",
        "http://[2001:db8::1]:8080/wms",
        "http://[::1]/"
      })
  void usualCapabilities(String url) {
    assertThat(Samples.one("kmi/wms_stores/s.t.json", STORE.formatted(url)).publish()).isPresent();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          "host":"169.254.169.254" | host: '169.254.169.254' is for machines
          "host":"a b" | host: 'a b' is no host
          "host":"h","port":70000 | port: '70000' is out of range
          "host":"h","port":0 | port: '0' is out of range
          "host":"h","database":null | database: is missing
          "host":"h","geoserver_setting":{"Session startup SQL":"drop"} | geoserver_setting.Session startup SQL: is no setting
          "host":"h","geoserver_setting":{"passwd":"hunter2"} | geoserver_setting.passwd: is no setting
          "host":"h","geoserver_setting":{"host":"169.254.169.254"} | geoserver_setting.host: is no setting
          "host":"h","geoserver_setting":{"dbtype":"h2"} | geoserver_setting.dbtype: is no setting
          "host":"h","geoserver_setting":{"x":["hunter2"]} | geoserver_setting.x: is no single value
          "host":"h","passwd":["hunter2"] | passwd: is no password
          """)
  void liveStores(String fields, String reason) {
    String database = fields.contains("database") ? "" : ",\"database\":\"d\"";
    String text = "{" + fields + database + ",\"user\":\"hunter2\"}";
    assertThat(refused("kmi/live_stores/s.t.json", text))
        .startsWith("kmi/live_stores/s.t.json: " + reason)
        .doesNotContain("hunter2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          {"layers":[]} | layers: holds none
          {"layers":[{"type":"bomb","name":"a"}]} | layers[0].type: 'bomb' is no member
          {"layers":[{"type":"publish","name":"../a"}]} | layers[0].name: '../a' is no name
          {"layers":[{"type":"publish","name":"a","workspace":"a b"}]} | layers[0].workspace: 'a b' is no workspace
          {"layers":[{"type":"group","name":"t"}]} | layers: holds the group itself
          {"layers":[7]} | layers: holds what is no object
          """)
  void groups(String text, String reason) {
    assertThat(refused("kmi/layergroups/s.t.json", text))
        .startsWith("kmi/layergroups/s.t.json: " + reason);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select 1; drop table x",
        "select 1;",
        "select 1 -- no",
        "select 1 /* no */",
        "delete from x",
        "update x set a = 1",
        "with d as (delete from x returning *) select * from d",
        "with d as (insert into x values (1) returning *) select * from d",
        "select * into y from x",
        "select * from x for update",
        "select * from x FOR  NO KEY UPDATE",
        "select * from x for share",
        "values (1)",
        "explain select 1",
        "copy x to program 'id'",
        "select pg_read_file('/etc/passwd')",
        "select pg_catalog.pg_read_file('/etc/passwd')",
        "select \"pg_read_file\" ('/etc/passwd')",
        "select lo_import('/etc/passwd')",
        "select * from dblink('x', 'y') as t(a int)",
        "select pg_sleep(1)",
        "select set_config('role', 'x', false)",
        "select nextval('x')",
        "select setval('x', 1)",
        "select query_to_xml('delete from x', true, true, '')",
        "select addgeometrycolumn('a', 'b', 1, 'POINT', 2)",
        "select UpdateGeometrySRID('a', 'b', 1)",
        "select cron.schedule('x', 'y', 'z')",
        "select * from pg_authid",
        "select * from \"pg_authid\"",
        "select * from information_schema.tables",
        "select $$x$$",
        "select E'\\\\x'",
        "select U&\"pg\\\\005fsleep\"(1)",
        "select 'a",
        "select (1",
        "select 1)(",
        "select \"a",
        "\\\\! id"
      })
  void queries(String query) {
    String text = "{\"datastore\":\"d\",\"viewsql\":\"" + query.replace("\"", "\\\"") + "\"}";
    assertThat(refused("kmi/live_layers/s.t.json", text))
        .startsWith("kmi/live_layers/s.t.json: viewsql: ")
        .endsWith("; write one SELECT that only reads");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select * from a.b where c = 'it''s; -- fine' and \"update\" > 1.5e3",
        "SELECT count(*)::int, st_transform(g, 4326) FROM x WHERE y IN (1, 2) ORDER BY 1",
        "with a as (select 1 as x) select a.x, substring('abc' for 2) from a where b ~ '^z' and %cql%",
        "select\\n *\\tfrom x where upper(n) like 'P%' limit 5"
      })
  void usualQueries(String query) {
    assertThat(SelectOnly.refusal(query.replace("\\n", "\n").replace("\\t", "\t"))).isEmpty();
  }

  @Test
  @DisplayName("a query of thousands of quotes ends")
  void longQueries() {
    assertThat(SelectOnly.refusal("select " + "'a'".repeat(20_000))).isEmpty();
    assertThat(SelectOnly.refusal("select " + "(".repeat(60_000))).isPresent();
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
