package io.cotidal.feeds.environment;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.feeds.environment.FeedsEnvironment.Reading;
import io.cotidal.feeds.filter.Filter;
import io.cotidal.feeds.spec.FeedsSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(20)
@DisplayName("the original's environment")
class FeedsEnvironmentTest {
  private static Map<String, String> with(String... pairs) {
    Map<String, String> environment = new HashMap<>(FeedsVariablesTest.LEAST);
    for (int i = 0; i < pairs.length; i += 2) {
      environment.put(pairs[i], pairs[i + 1]);
    }
    return environment;
  }

  @Test
  @DisplayName("nothing set: every password that is needed is named, and nothing else")
  void nothing() {
    assertThat(FeedsVariablesTest.invalid(Map.of()))
        .extracting(problem -> problem.substring(0, problem.indexOf(' ')))
        .containsExactly("GEOSERVER_PASSWORD", "GEOSERVER_PGSQL_PASSWORD");
    assertThat(FeedsVariablesTest.invalid(with("GEOSERVER_PASSWORD", " ")))
        .hasSize(1)
        .first()
        .asString()
        .startsWith("GEOSERVER_PASSWORD is not set");
    FeedsSpec skipped =
        FeedsVariablesTest.valid(Map.of("SKIP_DB", "true", "SKIP_GS", "true")).spec();
    assertThat(skipped.tables()).isFalse();
    assertThat(skipped.shown()).isEmpty();
    assertThat(skipped.database().orElseThrow().password()).isEmpty();
  }

  @Test
  @DisplayName("a replica of a replica takes what anybody may see, unless told otherwise")
  void relayed() {
    FeedsSpec.Choice choice =
        FeedsVariablesTest.valid(with("SYNC_SERVER", "borg@r2")).spec().choice();
    assertThat(choice.features().judge(Map.of("allow_authenticated", true)).admitted()).isTrue();
    assertThat(choice.features().judge(Map.of()).admitted()).isFalse();
    assertThat(choice.wms()).isEqualTo(Filter.NONE);
    assertThat(choice.groups()).isEqualTo(Filter.NONE);
    assertThat(
            FeedsVariablesTest.valid(with("SYNC_SERVER", "r2", "WMS_FILTER", "lambda job: True"))
                .spec()
                .choice()
                .wms())
        .isEqualTo(Filter.ALL);
  }

  @Test
  @DisplayName("several GeoServers share a login or have one each")
  void severalGeoServers() {
    String urls = "https://a/geoserver,https://b/geoserver";
    List<FeedsSpec.GeoServer> servers =
        FeedsVariablesTest.valid(
                with(
                    "GEOSERVER_URL", urls, "GEOSERVER_USERNAME", "x, y", "GEOSERVER_PASSWORD", "p"))
            .spec()
            .geoservers();
    assertThat(servers)
        .extracting(server -> server.name().name())
        .containsExactly("geoserver", "geoserver-2");
    assertThat(servers).extracting(FeedsSpec.GeoServer::user).containsExactly("x", "y");
    assertThat(servers).extracting(s -> s.password().reveal()).containsExactly("p", "p");
    assertThat(
            FeedsVariablesTest.invalid(
                with("GEOSERVER_URL", urls, "GEOSERVER_PASSWORD", "hush1,hush2,hush3")))
        .containsExactly(
            "GEOSERVER_PASSWORD '***': write one value, or 2 with commas, one for each GeoServer");
    assertThat(
            FeedsVariablesTest.invalid(
                with("GEOSERVER_URL", urls, "GEOSERVER_SHARING_DATA_DIR", "true")))
        .containsExactly(
            "GEOSERVER_SHARING_DATA_DIR 'true': name only one of the GeoServers that share a data"
                + " folder");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          SYNC_SERVER | -oProxyCommand=id | is no host
          SYNC_PATH | relative | is no folder
          LISTEN_CHANNELS | a/b | write names
          LISTEN_CHANNELS | , | write names
          GEOSERVER_URL | ftp://h/ | is no URL
          GEOSERVER_URL | http://me:hush@h/ | is no URL
          GEOSERVER_URL | http://h,http://h | name each
          GEOSERVER_DATA_DIR | x | is no folder
          GEOSERVER_WORKSPACE_NAMESPACE | http://x | write a URI
          GEOSERVER_DATASTORE_NAMESPACE | x | only {}_ds
          GEOSERVER_DEFAULT_CRS | EPSG:1 | only EPSG:4326
          GEOSERVER_PGSQL_HOST | a b | is no host
          GEOSERVER_PGSQL_PORT | 70000 | write a whole number
          GEOSERVER_PGSQL_SCHEMA | a"b | is no schema
          POLL_INTERVAL | 0 | write a whole number
          POLL_INTERVAL | soon | write a whole number
          SKIP_DB | perhaps | write true or false
          FEATURE_FILTER | lambda job: __import__('os') | filter, line 1, column 13: found `__import__`
          BORG_SSH | ssh -oProxyCommand=id | '-o ProxyCommand=id' is not taken
          BORG_SSH | rsh | 'rsh' is not ssh
          COT_FEED_MODE | panic | write one of observe, propose, manage
          COT_FEED_TOOL | svn | write one of git, hg
          COT_FEED_BRANCH | --config=x | write it without
          COT_FEED_REPOSITORY_URL | -x | write it without
          COT_FEED_REPOSITORY_URL | https://me:hush@h/r | holds a password
          COT_FEED_CACHE_BUDGET | much | write a size
          COT_FEED_KNOWN_HOSTS | known | is no folder
          """)
  @DisplayName("a value that makes no sense is a problem that names its variable")
  void wrong(String variable, String value, String reason) {
    List<String> problems = FeedsVariablesTest.invalid(with("SYNC_SERVER", "r2", variable, value));
    assertThat(problems).hasSize(1);
    assertThat(problems.getFirst())
        .startsWith(variable + " '")
        .contains("': " + reason)
        .doesNotContain("hush");
  }

  @Test
  @DisplayName("all problems are told at once")
  void allAtOnce() {
    assertThat(
            FeedsVariablesTest.invalid(
                with("POLL_INTERVAL", "x", "SKIP_GS", "x", "MASTER_PGSQL_HOST", "m")))
        .extracting(problem -> problem.split(" ")[0])
        .containsExactlyInAnyOrder(
            "POLL_INTERVAL",
            "SKIP_GS",
            "MASTER_PGSQL_DATABASE",
            "MASTER_PGSQL_USERNAME",
            "MASTER_PGSQL_PASSWORD");
  }

  @Test
  @DisplayName("who switches the checks of hosts off is warned; they stay on")
  void hostChecks() {
    Reading.Valid valid =
        FeedsVariablesTest.valid(
            with("BORG_SSH", "ssh -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null"));
    assertThat(valid.warnings())
        .hasSize(2)
        .allMatch(
            warning -> warning.startsWith("BORG_SSH: ") && warning.contains("always checked"));
    assertThat(valid.spec().transfer().knownHosts()).hasToString("/etc/ssh/ssh_known_hosts");
    assertThat(FeedsVariablesTest.valid(FeedsVariablesTest.LEAST).warnings()).isEmpty();
  }

  @Test
  @DisplayName("two ways to call SSH must be the same")
  void twoSshLines() {
    assertThat(FeedsVariablesTest.invalid(with("BORG_SSH", "ssh", "BORG_STATE_SSH", "ssh -p 23")))
        .containsExactly(
            "BORG_STATE_SSH 'ssh -p 23': says something else than the other one; say it once");
    assertThat(
            FeedsVariablesTest.valid(with("BORG_SSH", "ssh -p 23", "BORG_STATE_SSH", "ssh -p 23"))
                .spec()
                .transfer()
                .port())
        .isEqualTo(23);
  }

  @Test
  @DisplayName("a password that crosses the network in clear is a warning; a loop is none")
  void clear() {
    assertThat(FeedsVariablesTest.valid(with("GEOSERVER_URL", "http://far/geoserver")).warnings())
        .containsExactly(
            "GEOSERVER_URL: http://far/geoserver is told its password in clear; use https");
    assertThat(
            FeedsVariablesTest.valid(with("GEOSERVER_URL", "http://127.0.0.1:8080/g")).warnings())
        .isEmpty();
  }

  @Test
  @DisplayName("what cannot have an effect beside others is told as passed over")
  void passedOver() {
    assertThat(
            FeedsVariablesTest.valid(
                    with(
                        "SYNC_PATH",
                        "/x",
                        "SLAVE_NAME",
                        "r",
                        "BORG_STATE_HOME",
                        "/a",
                        "STATE_REPOSITORY_ROOT",
                        "/b"))
                .report())
        .contains(
            "SYNC_PATH=/x is passed over: SYNC_SERVER is not set",
            "SLAVE_NAME=r is passed over: MASTER_PGSQL_HOST is not set",
            "BORG_STATE_HOME=/a is passed over: STATE_REPOSITORY_ROOT is set");
  }

  @Test
  void isMeant() {
    assertThat(FeedsEnvironment.isMeant(Map.of("LISTEN_CHANNELS", "kmi"))).isTrue();
    assertThat(FeedsEnvironment.isMeant(Map.of("COT_FEED_MODE", "observe"))).isTrue();
    assertThat(FeedsEnvironment.isMeant(Map.of("DEBUG", "1", "INCLUDE", "x", "CACHE_PATH", "/x")))
        .isFalse();
    assertThat(FeedsEnvironment.isMeant(Map.of("LISTEN_CHANNELS", " "))).isFalse();
  }

  @Test
  @DisplayName("without a name for itself a replica that reports is a problem")
  void nameless() {
    Map<String, String> environment =
        with(
            "MASTER_PGSQL_HOST",
            "m",
            "MASTER_PGSQL_DATABASE",
            "d",
            "MASTER_PGSQL_USERNAME",
            "u",
            "MASTER_PGSQL_PASSWORD",
            "hush");
    assertThat(FeedsEnvironment.read(environment))
        .isInstanceOfSatisfying(
            Reading.Invalid.class,
            invalid ->
                assertThat(invalid.problems())
                    .containsExactly(
                        "SLAVE_NAME is not set: it says what this replica calls itself at the"
                            + " master; set it"));
    environment.put("HOSTNAME", "box");
    assertThat(FeedsEnvironment.read(environment))
        .isInstanceOfSatisfying(
            Reading.Valid.class,
            valid ->
                assertThat(valid.spec().status().map(FeedsSpec.Status::replica))
                    .isEqualTo(Optional.of("box")));
  }
}
