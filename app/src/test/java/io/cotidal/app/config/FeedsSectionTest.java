package io.cotidal.app.config;

import static io.cotidal.app.config.Examples.lines;
import static io.cotidal.app.config.Examples.valid;
import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.model.MemberId;
import io.cotidal.model.Mode;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
@DisplayName("what the file says of a replica of published datasets")
final class FeedsSectionTest {
  private static final String GOOD =
      """
      feeds:
        parks:
          mode: manage
          repository:
            git: /srv/state
            url: ssh://git@master/state
            branch: main
            signers: /etc/cotidal/signers
          channels: [kmi, open]
          filters:
            features: "lambda job: True"
            wms: "lambda job: True"
            groups: "lambda job: True"
          skip: {roles: true, rules: false, database: false, geoserver: false}
          transfer:
            cache: /srv/cache
            budget: 5GiB
            identity: /etc/cotidal/key
            known-hosts: /etc/cotidal/hosts
            port: 2222
            connect: 5s
            relay: {host: borg@portal, folder: /srv/portal}
            serve: true
            prefix: /mnt/master
          database:
            host: db
            port: 5433
            name: parks
            schema: publish
            user: feeder
            password: {secret: "env:ORDERS"}
            bin: /usr/lib/postgresql/15/bin
            keep: 3
            budget: 9GiB
            lock-wait: 250ms
          geoserver:
            - name: east
              url: http://east:8080/geoserver/
              user: publisher
              password: {secret: "env:REPLICATION"}
              data: /srv/data_dir
              namespace: http://%s.example.org
              database-host: 10.0.0.5
            - name: west
              url: http://west:8080/geoserver
              password: {secret: "env:REPLICATION"}
          status:
            replica: portable
            host: master
            port: 5434
            database: borgcollector
            schema: monitor
            user: reporter
            password: {secret: "env:ORDERS"}
          poll: 30s
          deadline: 45s
          longest-pause: 2h
          together: false
          repair: false
      """;

  private static Loaded parse(String text) {
    return new ConfigurationParser(
            List.of(new ReplicasSection()), Map.of(), Map.of(), Examples.WORKING)
        .parse(Examples.FILE, text, Examples.FOLDER, Examples.SECRETS);
  }

  private static FeedsSpec first(String text) {
    return valid(parse(text)).of(Feeds.class).named().getFirst();
  }

  @Test
  @DisplayName("the whole of a good one")
  void good() {
    FeedsSpec spec = first(GOOD);
    assertThat(spec.id()).isEqualTo(new ResourceId("feeds", "parks"));
    assertThat(spec.mode()).isEqualTo(Mode.MANAGE);
    assertThat(spec.repository())
        .isEqualTo(
            new FeedsSpec.Repository(
                FeedsSpec.Tool.GIT,
                Path.of("/srv/state"),
                "ssh://git@master/state",
                "main",
                Optional.of(Path.of("/etc/cotidal/signers"))));
    assertThat(spec.choice().channels()).containsExactly("kmi", "open");
    assertThat(spec.choice().features().text()).isEqualTo("lambda job: True");
    assertThat(spec.choice().skips()).isEqualTo(new FeedsSpec.Skips(true, false, false, false));
    assertThat(spec.transfer())
        .isEqualTo(
            new FeedsSpec.Transfer(
                Path.of("/srv/cache"),
                5L << 30,
                Path.of("/etc/cotidal/key"),
                Path.of("/etc/cotidal/hosts"),
                2222,
                Duration.ofSeconds(5),
                Optional.of(new FeedsSpec.Relay("borg@portal", "/srv/portal")),
                true,
                "/mnt/master"));
    assertThat(spec.database())
        .contains(
            new FeedsSpec.Database(
                "db",
                5433,
                "parks",
                "publish",
                "feeder",
                Optional.of(new Secret("canary-orders")),
                Optional.of(Path.of("/usr/lib/postgresql/15/bin")),
                3,
                9L << 30,
                Duration.ofMillis(250)));
    assertThat(spec.geoservers())
        .containsExactly(
            new FeedsSpec.GeoServer(
                new MemberId("east"),
                "http://east:8080/geoserver",
                "publisher",
                new Secret("canary-replication"),
                Optional.of(Path.of("/srv/data_dir")),
                "http://%s.example.org",
                Optional.of("10.0.0.5")),
            new FeedsSpec.GeoServer(
                new MemberId("west"),
                "http://west:8080/geoserver",
                "admin",
                new Secret("canary-replication"),
                Optional.empty(),
                "http://%s",
                Optional.empty()));
    assertThat(spec.status())
        .contains(
            new FeedsSpec.Status(
                "portable",
                "master",
                5434,
                "borgcollector",
                "monitor",
                "reporter",
                Optional.of(new Secret("canary-orders"))));
    assertThat(spec.pace())
        .isEqualTo(
            new FeedsSpec.Pace(
                Duration.ofSeconds(30), Duration.ofSeconds(45), Duration.ofHours(2), false, false));
  }

  @Test
  @DisplayName("what nobody wrote has its default: it only looks, and tells nobody")
  void defaults() {
    FeedsSpec least = first("feeds: {parks: {repository: {hg: /srv/state}}}");
    assertThat(least.mode()).isEqualTo(Mode.OBSERVE);
    assertThat(least.repository())
        .isEqualTo(
            new FeedsSpec.Repository(
                FeedsSpec.Tool.HG, Path.of("/srv/state"), "", "", Optional.empty()));
    assertThat(least.choice().channels()).containsExactly("geoserver");
    assertThat(least.choice().skips()).isEqualTo(FeedsSpec.Skips.NONE);
    assertThat(least.transfer().cache()).isEqualTo(Path.of("/srv/state.cache"));
    assertThat(least.transfer().relay()).isEmpty();
    assertThat(least.database()).isEmpty();
    assertThat(least.geoservers()).isEmpty();
    assertThat(least.status()).isEmpty();
    assertThat(least.pace().poll()).isEqualTo(Duration.ofMinutes(1));
    assertThat(least.pace().together()).isTrue();
    assertThat(least.members()).containsExactly(FeedsSpec.REPOSITORY);
  }

  @Test
  @DisplayName(
      "a section without keys: the database, the GeoServer and the name are the usual ones")
  void usual() {
    FeedsSpec spec =
        first(
            """
            feeds:
              parks:
                repository: {hg: /srv/state}
                database: {user: feeder}
                geoserver: [{password: {secret: "env:ORDERS"}}]
                status: {host: master}
            """);
    FeedsSpec.Database database = spec.database().orElseThrow();
    assertThat(database.host()).isEqualTo("localhost");
    assertThat(database.keep()).isEqualTo(2);
    assertThat(database.lockWait()).isEqualTo(Duration.ofMillis(500));
    assertThat(spec.geoservers().getFirst().name().name()).isEqualTo("geoserver");
    assertThat(spec.geoservers().getFirst().url()).isEqualTo("http://localhost:8080/geoserver");
    assertThat(spec.status().orElseThrow().replica()).isEqualTo("parks");
  }

  @ParameterizedTest(name = "{0} -> {1}")
  @DisplayName("one part of the good one spoilt: exactly one line")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      maxCharsPerColumn = 1_000,
      textBlock =
          """
          parks: | Parks: | 2: feeds.Parks: is not a name; use 1 to 63 of a-z 0-9 . _ - and begin with a letter or digit
          mode: manage | mode: run | 3: feeds.parks.mode: 'run' is not known; write one of observe, propose, manage
          git: /srv/state | git: state | 5: feeds.parks.repository.git: 'state' is not an absolute path; write one that begins with /
          url: ssh://git@master/state | url: "-oProxyCommand=x" | 6: feeds.parks.repository.url: '-oProxyCommand=x' is no address of a repository; write for example ssh://git@host/state or /srv/state
          branch: main | branch: "--force" | 7: feeds.parks.repository.branch: '--force' is no branch; write its name, for example main
          git: /srv/state | hg: /srv/state | 8: feeds.parks.repository.signers: Mercurial's commits are not signed; keep the repository in Git
          [kmi, open] | ["../x"] | 9: feeds.parks.channels: must be a list of texts; write [TEXT, TEXT] with quotes where they are needed
          [kmi, open] | "a b" | 9: feeds.parks.channels: must be a list of texts; write [TEXT, TEXT] with quotes where they are needed
          rules: false | rules: no | 14: feeds.parks.skip.rules: 'no' is neither true nor false; write true or false
          roles: true | role: true | 14: feeds.parks.skip.role: unknown key; did you mean roles?
          cache: /srv/cache | cache: /srv/state/cache | 16: feeds.parks.transfer.cache: lies within the clone; name a folder elsewhere
          budget: 5GiB | budget: 5 | 17: feeds.parks.transfer.budget: '5' is not an amount of bytes; write for example 512MiB or 20GiB
          host: borg@portal | host: "-oX" | 22: feeds.parks.transfer.relay.host: '-oX' is no host; write USER@HOST or HOST
          prefix: /mnt/master | prefix: master | 24: feeds.parks.transfer.prefix: 'master' is not an absolute path; write one that begins with /
          name: parks | name: "a b" | 28: feeds.parks.database.name: 'a b' is not a name in a database; use 1 to 63 of letters, digits, _ $ - and begin with a letter or _
          password: {secret: "env:ORDERS"} | password: hunter2 | 31: feeds.parks.database.password: holds a value, not a reference; write secret: env:NAME or secret: file:PATH below it
          keep: 3 | keep: 101 | 33: feeds.parks.database.keep: 101 is out of range; write a number from 0 to 100
          lock-wait: 250ms | lock-wait: 2h | 35: feeds.parks.database.lock-wait: 2h is out of range; write a duration from 10ms to 900ms
          name: east | name: database | 37: feeds.parks.geoserver[database].name: 'database' is the name of another member; choose another
          name: east | name: East | 37: feeds.parks.geoserver[#1].name: 'East' is not a name; use 1 to 63 of a-z 0-9 . _ - and begin with a letter or digit
          name: west | name: east | 44: feeds.parks.geoserver[east].name: 'east' is the name of another GeoServer (line 37); give each GeoServer its own name
          http://west:8080/geoserver | http://east:8080/geoserver | 45: feeds.parks.geoserver[west].url: http://east:8080/geoserver is another GeoServer's home (line 38); give each GeoServer its own url
          http://west:8080/geoserver | http://a:b@west/x | 45: feeds.parks.geoserver[west].url: is no address: a user or password in a URL ends up in logs: give a token instead; write for example http://host:8080/geoserver
          http://%s.example.org | http://example.org | 42: feeds.parks.geoserver[east].namespace: 'http://example.org' does not say where the workspace stands; write for example http://%s.example.org
          poll: 30s | poll: 30 | 55: feeds.parks.poll: '30' is not a duration; write a number with its unit, for example 200ms, 1.5s or 2m
          together: false | togeter: false | 58: feeds.parks.togeter: unknown key; did you mean together?
          """)
  void spoilt(String part, String instead, String line) {
    assertThat(GOOD).contains(part);
    String text = GOOD.replaceFirst(Pattern.quote(part), Matcher.quoteReplacement(instead));
    assertThat(lines(parse(text))).containsExactly("cotidal.yaml:" + line);
  }

  @Test
  @DisplayName("a filter that cannot be read is told at its line, in the words of the filter")
  void filter() {
    String text = GOOD.replace("wms: \"lambda job: True\"", "wms: \" \"");
    assertThat(lines(parse(text)))
        .singleElement()
        .asString()
        .startsWith("cotidal.yaml:12: feeds.parks.filters.wms: is no filter: ")
        .endsWith("; see docs/feeds.md");
  }

  @Test
  @DisplayName("what is missing is named, all at once")
  void missing() {
    assertThat(
            lines(
                parse(
                    """
                    feeds:
                      a: {}
                      b: {repository: {branch: main}}
                      c: {repository: {git: /srv/c, hg: /srv/c}}
                      d:
                        repository: {git: /srv/d}
                        geoserver: [{name: x}]
                        status: {port: 5433}
                        transfer: {relay: {}}
                      e: {repository: {hg: /srv/d}}
                    """)))
        .containsExactly(
            "cotidal.yaml:2: feeds.a.repository: is missing; write git: FOLDER or hg: FOLDER, the replica's own clone",
            "cotidal.yaml:3: feeds.b.repository: names no clone; write git: FOLDER or hg: FOLDER, the replica's own clone",
            "cotidal.yaml:4: feeds.c.repository: names two clones; write git: FOLDER or hg: FOLDER, the replica's own clone",
            "cotidal.yaml:7: feeds.d.geoserver[x].password: is missing; write secret: env:NAME or secret: file:PATH below it",
            "cotidal.yaml:8: feeds.d.status.host: is missing; write the master's host",
            "cotidal.yaml:9: feeds.d.transfer.relay.host: is missing; write USER@HOST or HOST",
            "cotidal.yaml:9: feeds.d.transfer.relay.folder: is missing; write the cache of that replica, as it is called there",
            "cotidal.yaml:10: feeds.e.repository: is the clone of d too; give each replica a clone of its own");
  }

  @Test
  @DisplayName("the explanation shows where secrets lie and not what they are")
  void explained() {
    String shown = valid(parse(GOOD)).explain();
    assertThat(shown)
        .contains("feeds.parks.transfer.cache", "feeds.parks.geoserver[east].password")
        .doesNotContain("canary");
  }
}
