package io.cotidal.app.config;

import static io.cotidal.app.config.Examples.lines;
import static io.cotidal.app.config.Examples.valid;
import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.model.MemberId;
import io.cotidal.model.Mode;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Secret;
import io.cotidal.objects.compat.Autosync;
import io.cotidal.objects.compat.SiteFiles;
import io.cotidal.objects.spec.Fallback;
import io.cotidal.objects.spec.GatewayPlace;
import io.cotidal.objects.spec.GatewayPlace.At;
import io.cotidal.objects.spec.ObjectsSpec;
import io.cotidal.objects.spec.Placement;
import io.cotidal.objects.spec.Promise;
import io.cotidal.objects.spec.Reads;
import io.cotidal.objects.spec.Realm;
import io.cotidal.objects.spec.Site;
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
@DisplayName("what the file says of a namespace over Swift sites")
final class ObjectsSectionTest {
  private static final String GOOD =
      """
      objects:
        office:
          mode: manage
          folder: /srv/cotidal/office
          accounts: [AUTH_test, AUTH_shop]
          realm:
            name: OFFICE
            key: {secret: "env:ORDERS"}
            second: {secret: "env:REPLICATION"}
          sites:
            - name: east
              url: https://swift.east.example/v1/
              realm-name: EAST
              role: active
              policies: {gold: ssd}
              ca: /etc/cotidal/east.pem
              tempauth:
                auth: https://swift.east.example/auth/v1.0
                user: admin:cotidal
                key: {secret: "env:ORDERS"}
            - name: west
              url: http://127.0.0.1:8080/v1
              role: backup
              keystone:
                auth: http://127.0.0.1:5000/v3
                user: cotidal
                user-domain: Users
                project: service
                project-domain: Projects
                password: {secret: "env:REPLICATION"}
          placement:
            - account: AUTH_shop
              container: logs*
              sites: [west]
              answer: all
              read-elsewhere: both
            - policy: gold
              header: {name: X-Container-Meta-Region, value: eu}
              sites: [west, east]
          pace: {scan: 30s, concurrency: 8, bytes-per-second: 50MiB}
          care: {skew: 1s, deletes: 100, share: 0.1, tombstones: 240h, losers: keep}
          stamps: AUTH_ours
          answer: quorum
          read-elsewhere: missing
          merged-listing: true
          hosts: [swift.example.org]
          read-patience: 3s
      """;

  private static Loaded parse(String text) {
    return new ConfigurationParser(
            List.of(new NamespacesSection()), Map.of(), Map.of(), Examples.WORKING)
        .parse(Examples.FILE, text, Examples.FOLDER, Examples.SECRETS);
  }

  private static ObjectsSpec first(String text) {
    return valid(parse(text)).of(Namespaces.class).named().getFirst();
  }

  @Test
  @DisplayName("the whole of a good one")
  void good() {
    MemberId east = new MemberId("east");
    MemberId west = new MemberId("west");
    ObjectsSpec spec = first(GOOD);
    assertThat(spec.id()).isEqualTo(new ResourceId("objects", "office"));
    assertThat(spec.mode()).isEqualTo(Mode.MANAGE);
    assertThat(spec.folder()).isEqualTo(Path.of("/srv/cotidal/office"));
    assertThat(spec.accounts()).containsExactly("AUTH_test", "AUTH_shop");
    assertThat(spec.realm())
        .isEqualTo(
            new Realm(
                "OFFICE",
                new Secret("canary-orders"),
                Optional.of(new Secret("canary-replication"))));
    assertThat(spec.sites())
        .containsExactly(
            new Site(
                east,
                "https://swift.east.example/v1",
                "EAST",
                new Site.Identity.TempAuth(
                    "https://swift.east.example/auth/v1.0",
                    "admin:cotidal",
                    new Secret("canary-orders")),
                Site.Role.ACTIVE,
                Map.of("gold", "ssd"),
                Optional.of(Path.of("/etc/cotidal/east.pem"))),
            new Site(
                west,
                "http://127.0.0.1:8080/v1",
                "west",
                new Site.Identity.Keystone(
                    "http://127.0.0.1:5000/v3",
                    "cotidal",
                    "Users",
                    "service",
                    "Projects",
                    new Secret("canary-replication")),
                Site.Role.BACKUP,
                Map.of(),
                Optional.empty()));
    assertThat(spec.stamps()).isEqualTo("AUTH_ours");
    assertThat(spec.answer()).isEqualTo(Promise.QUORUM);
    assertThat(spec.reads())
        .isEqualTo(
            new Reads(Fallback.MISSING, true, List.of("swift.example.org"), Duration.ofSeconds(3)));
    assertThat(spec.placement().rules())
        .containsExactly(
            new Placement.Rule(
                Optional.of("AUTH_shop"),
                Optional.of("logs*"),
                Optional.empty(),
                Optional.empty(),
                List.of(west),
                Optional.of(Promise.ALL),
                Optional.of(Fallback.BOTH)),
            new Placement.Rule(
                Optional.empty(),
                Optional.empty(),
                Optional.of("gold"),
                Optional.of(new Placement.Header("X-Container-Meta-Region", "eu")),
                List.of(west, east)));
    assertThat(spec.pace()).isEqualTo(new ObjectsSpec.Pace(Duration.ofSeconds(30), 8, 50L << 20));
    assertThat(spec.care())
        .isEqualTo(
            new ObjectsSpec.Care(
                Duration.ofSeconds(1), 100, 0.1, Duration.ofDays(10), ObjectsSpec.Losers.KEEP));
  }

  @Test
  @DisplayName("what nobody wrote has its default: it only looks, and everything lies everywhere")
  void defaults() {
    ObjectsSpec least =
        first(
            """
            objects:
              office:
                folder: /srv/o
                accounts: [AUTH_test]
                realm: {name: r, key: {secret: "env:ORDERS"}}
                sites:
                  - {name: a, url: "http://a:8080/v1", keystone: {auth: "http://k/v3", user: u, project: p, password: {secret: "env:ORDERS"}}}
            """);
    assertThat(least.mode()).isEqualTo(Mode.OBSERVE);
    assertThat(least.stamps()).isEqualTo("AUTH_cotidal");
    assertThat(least.answer()).isEqualTo(Promise.LOCAL);
    assertThat(least.reads()).isEqualTo(Reads.OWN);
    assertThat(least.placement()).isEqualTo(Placement.EVERYWHERE);
    assertThat(least.pace()).isEqualTo(ObjectsSpec.Pace.USUAL);
    assertThat(least.care()).isEqualTo(ObjectsSpec.Care.USUAL);
    Site site = least.sites().getFirst();
    assertThat(site.role()).isEqualTo(Site.Role.ACTIVE);
    assertThat(site.realmName()).isEqualTo("a");
    assertThat(site.gateway()).isEmpty();
    assertThat(((Site.Identity.Keystone) site.identity()).userDomain()).isEqualTo("Default");
  }

  @ParameterizedTest(name = "{0} -> {1}")
  @DisplayName("one part of the good one spoilt: exactly one line")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      maxCharsPerColumn = 1_000,
      textBlock =
          """
          office: | Office: | 2: objects.Office: is not a name; use 1 to 63 of a-z 0-9 . _ - and begin with a letter or digit
          mode: manage | mode: run | 3: objects.office.mode: 'run' is not known; write one of observe, propose, manage
          folder: /srv/cotidal/office | folder: srv | 4: objects.office.folder: 'srv' is not an absolute path; write one that begins with /
          [AUTH_test, AUTH_shop] | ["a/b"] | 5: objects.office.accounts: must be a list of texts; write [TEXT, TEXT] with quotes where they are needed
          [AUTH_test, AUTH_shop] | [AUTH_test, AUTH_test] | 5: objects.office.accounts: names an account twice; keep one of them
          name: OFFICE | name: "a b" | 7: objects.office.realm.name: 'a b' is no name of a realm or of a cluster in it; use 1 to 63 of letters, digits, . _ and -
          key: {secret: "env:ORDERS"} | key: hunter2 | 8: objects.office.realm.key: holds a value, not a reference; write secret: env:NAME or secret: file:PATH below it
          name: east | name: namespace | 11: objects.office.sites[namespace].name: 'namespace' is the name of all sites together; choose another
          example/v1/ | example | 12: objects.office.sites[east].url: does not end with the version; write for example https://swift.example.org/v1
          https://swift.east.example/v1/ | http://127.0.0.1:8080/v1 | 22: objects.office.sites[west].url: 'http://127.0.0.1:8080/v1' is another site's (line 12); give each site its own url
          https://swift.east.example/v1/ | https://me:hunter2@e/v1 | 12: objects.office.sites[east].url: is no address: a user or password in a URL ends up in logs: give a token instead; write for example https://swift.example.org/v1
          realm-name: EAST | realm-name: WEST | 21: objects.office.sites[west].realm-name: 'west' is another site's (line 13); give each site its own realm-name
          role: backup | role: bakup | 23: objects.office.sites[west].role: 'bakup' is not known; did you mean backup?
          {gold: ssd} | {"a b": ssd} | 15: objects.office.sites[east].policies.a b: 'a b' is no storage policy; use letters, digits and -, as Swift does
          user: admin:cotidal | user: admin | 19: objects.office.sites[east].tempauth.user: 'admin' is no user of tempauth; write account:user
          user-domain: Users | user-domian: Users | 27: objects.office.sites[west].keystone.user-domian: unknown key; did you mean user-domain?
          container: logs* | container: "*logs" | 33: objects.office.placement[#1].container: '*logs' is neither a name nor the beginning of names; write NAME, or BEGINNING* with the asterisk at its end
          sites: [west] | sites: [wets] | 34: objects.office.placement[#1].sites: 'wets' is no site; did you mean west?
          sites: [west, east] | sites: [west, west] | 39: objects.office.placement[#2].sites: names west twice; keep one of them
          X-Container-Meta-Region | Region | 38: objects.office.placement[#2].header.name: 'Region' is no header of a container; write for example X-Container-Meta-Region
          scan: 30s | scan: 30 | 40: objects.office.pace.scan: '30' is not a duration; write a number with its unit, for example 200ms, 1.5s or 2m
          concurrency: 8 | concurency: 8 | 40: objects.office.pace.concurency: unknown key; did you mean concurrency?
          share: 0.1 | share: 10% | 41: objects.office.care.share: '10%' is no share; write a number from 0 to 1, for example 0.3
          tombstones: 240h | tombstones: 1h | 41: objects.office.care.tombstones: 1h is out of range; write a duration from 24h to 87600h
          answer: quorum | answer: most | 43: objects.office.answer: 'most' is not known; write one of local, quorum, all
          answer: all | answer: al | 35: objects.office.placement[#1].answer: 'al' is not known; did you mean all?
          stamps: AUTH_ours | stamps: "a/b" | 42: objects.office.stamps: 'a/b' is no account; write for example AUTH_test
          stamps: AUTH_ours | stamps: AUTH_shop | 42: objects.office.stamps: 'AUTH_shop' is one of accounts; name another one, which is for Cotidal alone
          read-elsewhere: missing | read-elsewhere: lost | 44: objects.office.read-elsewhere: 'lost' is not known; write one of never, missing, outage, both
          read-patience: 3s | read-patience: 0s | 47: objects.office.read-patience: 0s is out of range; write a duration from 1s to 1h
          merged-listing: true | merged-listing: maybe | 45: objects.office.merged-listing: 'maybe' is neither true nor false; write true or false
          losers: keep | losers: drop | 41: objects.office.care.losers: 'drop' is not known; write one of ledger, keep
          """)
  void spoilt(String part, String instead, String line) {
    assertThat(GOOD).contains(part);
    String text = GOOD.replaceFirst(Pattern.quote(part), Matcher.quoteReplacement(instead));
    assertThat(lines(parse(text))).containsExactly("cotidal.yaml:" + line);
  }

  @Test
  @DisplayName("sites are looked at every five seconds, or as often as they are compared")
  void looks() {
    assertThat(first(GOOD).tick()).isEqualTo(Duration.ofSeconds(5));
    assertThat(first(GOOD.replace("scan: 30s", "scan: 2s")).tick())
        .isEqualTo(Duration.ofSeconds(2));
  }

  private static final String GATEWAY =
      """
      objects:
        office:
          folder: /srv/o
          accounts: [AUTH_test]
          realm: {name: r, key: {secret: "env:ORDERS"}}
          sites:
            - name: a
              url: http://a:8080/v1
              keystone: {auth: "http://k/v3", user: u, project: p, password: {secret: "env:ORDERS"}}
              gateway:
                listen: 0.0.0.0:80
                folder: /srv/gateway
                status: "[::1]:9100"
      """;

  @Test
  @DisplayName("a gateway stands before the site's address, or before the one that is named")
  void gateway() {
    assertThat(first(GATEWAY).sites().getFirst().gateway())
        .contains(
            new GatewayPlace(
                new At("0.0.0.0", 80),
                Path.of("/srv/gateway"),
                new At("a", 8080),
                Optional.of(new At("::1", 9100))));
    String tls =
        GATEWAY
            .replace("http://a:8080", "https://a")
            .replace("listen:", "site: 127.0.0.1:8080\n          listen:")
            .replace("          status: \"[::1]:9100\"\n", "");
    assertThat(first(tls).sites().getFirst().gateway())
        .contains(
            new GatewayPlace(
                new At("0.0.0.0", 80),
                Path.of("/srv/gateway"),
                new At("127.0.0.1", 8080),
                Optional.empty()));
  }

  @ParameterizedTest(name = "{0} -> {1}")
  @DisplayName("one part of a gateway spoilt: exactly one line")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      maxCharsPerColumn = 1_000,
      textBlock =
          """
          listen: 0.0.0.0:80 | listen: 80 | 11: objects.office.sites[a].gateway.listen: '80' is not an address with a port; write for example 0.0.0.0:8080
          listen: 0.0.0.0:80 | listen: 0.0.0.0:99999 | 11: objects.office.sites[a].gateway.listen: '0.0.0.0:99999' has no port from 0 to 65535; write for example 0.0.0.0:8080
          listen: 0.0.0.0:80 | listen: a:8080 | 11: objects.office.sites[a].gateway.listen: is where the site's proxy listens; choose another port: it would talk to itself
          listen: 0.0.0.0:80 | listen: "[::1]:9100" | 13: objects.office.sites[a].gateway.status: is where clients reach it; choose another port
          folder: /srv/gateway | folder: gateway | 12: objects.office.sites[a].gateway.folder: 'gateway' is not an absolute path; write one that begins with /
          folder: /srv/gateway | folder: /srv/o | 12: objects.office.sites[a].gateway.folder: is the folder of the namespace too; give the gateway a folder of its own
          folder: /srv/gateway | site: a:8081 | 10: objects.office.sites[a].gateway.folder: is missing; name a folder for its outbox, on a disk that keeps what it confirms
          status: "[::1]:9100" | stats: "[::1]:9100" | 13: objects.office.sites[a].gateway.stats: unknown key; did you mean status?
          status: "[::1]:9100" | site: a:0 | 13: objects.office.sites[a].gateway.site: 'a:0' has no port from 1 to 65535; write for example 127.0.0.1:8080
          http://a:8080 | https://a:8080 | 10: objects.office.sites[a].gateway.site: is missing; write HOST:PORT where the proxy answers without TLS: a gateway speaks none
          """)
  void gatewaySpoilt(String part, String instead, String line) {
    assertThat(GATEWAY).contains(part);
    assertThat(
            lines(
                parse(
                    GATEWAY.replaceFirst(Pattern.quote(part), Matcher.quoteReplacement(instead)))))
        .containsExactly("cotidal.yaml:" + line);
  }

  @Test
  @DisplayName("an identity that is misspelt is missing, and named with what was probably meant")
  void misspelt() {
    assertThat(lines(parse(GOOD.replace("tempauth:", "tempaut:"))))
        .containsExactly(
            "cotidal.yaml:11: objects.office.sites[east]: has no identity; write tempauth: or"
                + " keystone: with whom Cotidal comes as; it must be able to write in every"
                + " account",
            "cotidal.yaml:17: objects.office.sites[east].tempaut: unknown key; did you mean"
                + " tempauth?");
  }

  @Test
  @DisplayName("what is missing is named, all at once")
  void missing() {
    assertThat(
            lines(
                parse(
                    """
                    objects:
                      a: {}
                      b:
                        folder: /srv/b
                        accounts: [AUTH_b]
                        realm: {name: r}
                        sites:
                          - {name: x}
                    """)))
        .containsExactly(
            "cotidal.yaml:2: objects.a.folder: is missing; name a folder for what was agreed"
                + " between the sites",
            "cotidal.yaml:2: objects.a.accounts: is missing; write [AUTH_NAME]: Swift tells nobody"
                + " which accounts there are",
            "cotidal.yaml:2: objects.a.realm: is missing; write name and key, as in"
                + " container-sync-realms.conf",
            "cotidal.yaml:2: objects.a.sites: is missing; write at least one - name: NAME",
            "cotidal.yaml:6: objects.b.realm.key: is missing; write secret: env:NAME or secret:"
                + " file:PATH below it",
            "cotidal.yaml:8: objects.b.sites[x].url: is missing; write where its proxy answers, for"
                + " example https://swift.example.org/v1",
            "cotidal.yaml:8: objects.b.sites[x]: has no identity; write tempauth: or keystone: with"
                + " whom Cotidal comes as; it must be able to write in every account");
  }

  @Test
  @DisplayName("a rule below one that fits everything never holds; two namespaces share nothing")
  void clashes() {
    String rules =
        GOOD.replace("      - account: AUTH_shop\n        container: logs*\n", "      - \n")
            .replace("      - \n        sites", "      - sites");
    assertThat(lines(parse(rules)))
        .containsExactly(
            "cotidal.yaml:35: objects.office.placement[#2]: never holds: the rule on line 32 fits"
                + " everything; put that one last");
    String two = GOOD + GOOD.replace("objects:\n", "").replace("office:", "second:");
    assertThat(lines(parse(two)))
        .containsExactly(
            "cotidal.yaml:50: objects.second.folder: is the folder of office too; give each"
                + " namespace a folder of its own",
            "cotidal.yaml:51: objects.second.accounts: 'AUTH_test' at https://swift.east.example/v1"
                + " is in office too; keep it in one of them",
            "cotidal.yaml:51: objects.second.accounts: 'AUTH_shop' at https://swift.east.example/v1"
                + " is in office too; keep it in one of them",
            "cotidal.yaml:51: objects.second.accounts: 'AUTH_test' at http://127.0.0.1:8080/v1 is"
                + " in office too; keep it in one of them",
            "cotidal.yaml:51: objects.second.accounts: 'AUTH_shop' at http://127.0.0.1:8080/v1 is"
                + " in office too; keep it in one of them");
  }

  @Test
  @DisplayName("the explanation shows where secrets lie and not what they are")
  void explained() {
    String shown = valid(parse(GOOD)).explain();
    assertThat(shown)
        .contains("objects.office.realm.key", "objects.office.sites[west].keystone.password")
        .doesNotContain("canary");
  }

  @Test
  @DisplayName("what is written from Swift Autosync's settings is a configuration")
  void adopted() throws Exception {
    String conf =
        """
        [pipeline:main]
        pipeline = cache tempauth autosync proxy-server
        [filter:autosync]
        use = egg:swift#autosync
        autosync_my_cluster = http://Primary.com:8080
        autosync_placement = http://Primary.com:8080, http://Secondary.com:8080
        """;
    String yaml =
        Autosync.of(List.of(new SiteFiles(new SiteFiles.File("proxy", conf), Optional.empty())))
            .yaml()
            .replaceAll("env:[A-Z_]+", "env:ORDERS");
    ObjectsSpec spec = first(yaml);
    assertThat(spec.mode()).isEqualTo(Mode.OBSERVE);
    assertThat(spec.sites())
        .extracting(site -> site.member() + " " + site.role())
        .containsExactly("primary ACTIVE", "secondary BACKUP");
  }
}
