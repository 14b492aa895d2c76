package io.cotidal.feeds.job;

import static io.cotidal.feeds.job.HostileJobsTest.refused;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
@DisplayName("feeds/S15: hostile stores, groups and queries are refused with place and reason")
class HostileSourcesTest {
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
}
