package io.cotidal.app.config;

import static io.cotidal.app.config.Examples.GOOD;
import static io.cotidal.app.config.Examples.lines;
import static io.cotidal.app.config.Examples.parse;
import static io.cotidal.app.config.Examples.valid;
import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.model.MemberId;
import io.cotidal.model.Mode;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Secret;
import io.cotidal.postgres.spec.Access;
import io.cotidal.postgres.spec.Failover;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Server;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class ConfigurationParserTest {
  private static Server server(String name, int port) {
    return new Server(
        new MemberId(name),
        "127.0.0.1",
        port,
        Path.of("/srv/" + name),
        Path.of("/usr/lib/postgresql/15/bin"),
        "postgres");
  }

  @Test
  @DisplayName("the whole of a good configuration")
  void good() {
    Configuration configuration = valid(parse(GOOD));
    assertThat(configuration.listen())
        .isEqualTo(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 7400));
    assertThat(configuration.store())
        .isEqualTo(new StorePlace.File(Path.of("/etc/cotidal/var/cotidal.db")));
    assertThat(configuration.anonymousMetrics()).isFalse();
    assertThat(configuration.of(Clusters.class).named())
        .containsExactly(
            new PostgresSpec(
                new ResourceId("postgres", "orders"),
                Mode.MANAGE,
                List.of(server("a", 5433), server("b", 5434), server("c", 5435)),
                1,
                new Failover(
                    true,
                    Duration.ofMillis(200),
                    Duration.ofMillis(500),
                    3,
                    Duration.ofMillis(1500),
                    Failover.Fence.PROCESS,
                    Duration.ofSeconds(10)),
                new Access(
                    "postgres",
                    new Secret("canary-orders"),
                    "replicator",
                    new Secret("canary-replication")),
                new TreeMap<>(Map.of("max_connections", "200"))));
  }

  @Test
  @DisplayName("what nobody wrote has its default")
  void defaults() {
    Configuration configuration =
        valid(
            parse(
                """
                postgres:
                  small:
                    members: [{name: only, data: /srv/only, bin: /opt/pg/bin}]
                    superuser: {password: {secret: "env:ORDERS"}}
                    replication: {password: {secret: "env:REPLICATION"}}
                """));
    assertThat(configuration.listen().getPort()).isEqualTo(7400);
    assertThat(configuration.store())
        .isEqualTo(new StorePlace.File(Path.of("/home/ann/var/cotidal.db")));
    PostgresSpec small = configuration.of(Clusters.class).named().getFirst();
    assertThat(small.mode()).isEqualTo(Mode.OBSERVE);
    assertThat(small.quorum()).as("there is no replica to wait for").isZero();
    assertThat(small.failover()).isEqualTo(Failover.DEFAULT);
    assertThat(small.servers())
        .containsExactly(
            new Server(
                new MemberId("only"),
                "127.0.0.1",
                5432,
                Path.of("/srv/only"),
                Path.of("/opt/pg/bin"),
                ""));
    assertThat(small.access().superuser()).isEqualTo("postgres");
    assertThat(small.access().replicationUser()).isEqualTo("replicator");
    assertThat(valid(parse("")).of(Clusters.class).named()).isEmpty();
  }

  @Test
  @DisplayName("a slower tick makes the silence longer that nobody wrote")
  void slowTick() {
    Configuration configuration =
        valid(
            parse(
                """
                postgres:
                  small:
                    members: [{name: only, data: /srv/only, bin: /opt/pg/bin}]
                    superuser: {password: {secret: "env:ORDERS"}}
                    replication: {password: {secret: "env:REPLICATION"}}
                    failover: {tick: 1s}
                """));
    assertThat(configuration.of(Clusters.class).named().getFirst().failover().silence())
        .isEqualTo(Duration.ofMillis(2300));
  }

  @Test
  @DisplayName("a slower tick makes the time longer, too, after which an isolated primary goes")
  void slowTickAndIsolation() {
    String small =
        """
        postgres:
          small:
            members: [%s]
            superuser: {password: {secret: "env:ORDERS"}}
            replication: {password: {secret: "env:REPLICATION"}}
            failover: {%s}
        """;
    String here = "{name: only, data: /srv/only, bin: /opt/pg/bin}";
    assertThat(isolated(small.formatted(here, "tick: 1s"))).isEqualTo(Duration.ofSeconds(8));
    assertThat(isolated(small.formatted(here, "tick: 5s"))).isEqualTo(Duration.ofMillis(16_300));
    assertThat(isolated(small.formatted(here, "isolated: 3s"))).isEqualTo(Duration.ofSeconds(3));
    assertThat(isolated(small.formatted(here, "isolated: 0ms"))).isEqualTo(Duration.ZERO);
    String bySql = "{name: only, driver: sql, host: 10.0.0.1}";
    assertThat(lines(parse(small.formatted(bySql, "isolated: 3s"))))
        .singleElement()
        .asString()
        .contains("failover.isolated: 3s is too short", "write at least 6s");
  }

  private Duration isolated(String text) {
    return valid(parse(text)).of(Clusters.class).named().getFirst().failover().isolated();
  }

  @Test
  @DisplayName("flags before environment before file before defaults; the explanation says which")
  void precedence() {
    Map<String, String> flags = Map.of("listen", "127.0.0.1:1");
    Map<String, String> environment =
        Map.of(
            "COT_LISTEN",
            "127.0.0.1:2",
            "COT_STORE",
            "sqlite:mine.db",
            "COT_METRICS_ANONYMOUS",
            "");
    Configuration configuration = valid(parse(GOOD, flags, environment));
    assertThat(configuration.listen().getPort()).isEqualTo(1);
    assertThat(configuration.store()).isEqualTo(new StorePlace.File(Path.of("/home/ann/mine.db")));
    assertThat(configuration.explain().lines())
        .contains(
            "listen = 127.0.0.1:1  # flag --listen",
            "store = sqlite:mine.db  # environment COT_STORE",
            "metrics.anonymous = false  # cotidal.yaml:3",
            "postgres.orders.mode = manage  # cotidal.yaml:6",
            "postgres.orders.members[a].port = 5433  # cotidal.yaml:10",
            "postgres.orders.members[a].user = postgres  # cotidal.yaml:8",
            "postgres.orders.superuser.password = *** (env:ORDERS)  # cotidal.yaml:13",
            "postgres.orders.settings.max_connections = 200  # cotidal.yaml:16");
    assertThat(valid(parse("")).explain().lines())
        .containsExactly(
            "listen = 127.0.0.1:7400  # default",
            "state-folder = var  # default",
            "store = sqlite:var/cotidal.db  # default",
            "accept-commands = true  # default",
            "lease = 3s  # default",
            "metrics.anonymous = false  # default");
  }

  @Test
  @DisplayName(
      "a bad flag and a bad variable are reported with their names, and with what is wrong in the file")
  void badOutside() {
    Map<String, String> flags = Map.of("listen", "0.0.0.0:1");
    Map<String, String> environment = Map.of("COT_STORE", "mysql:x");
    assertThat(lines(parse("listen: nowhere", flags, environment)))
        .containsExactly(
            "flag --listen: listen: must be a loopback address: TLS is not available yet; write 127.0.0.1:PORT or [::1]:PORT",
            "environment COT_STORE: store: 'mysql:x' is not a store; write sqlite:PATH, for example sqlite:var/cotidal.db",
            "cotidal.yaml:1: listen: 'nowhere' is not an address with a port; write 127.0.0.1:PORT or [::1]:PORT");
  }

  @Test
  @DisplayName("all faults at once, in the order of the lines")
  void everythingAtOnce() {
    assertThat(
            lines(
                parse(
                    """
                    lisen: 127.0.0.1:1
                    store: [a]
                    postgres:
                      Orders:
                        mode: mange
                        members:
                          - {name: a, data: srv/a}
                          - {name: a, data: /srv/b, prot: 1}
                        superuser: {password: hunter2}
                        failover: {tick: 5, confirm: many}
                    tls: {}
                    """)))
        .containsExactly(
            "cotidal.yaml:1: lisen: unknown key; did you mean listen?",
            "cotidal.yaml:2: store: must be a single value, is a list; write one value",
            "cotidal.yaml:4: postgres.Orders: is not a name; use 1 to 63 of a-z 0-9 . _ - and begin with a letter or digit",
            "cotidal.yaml:4: postgres.Orders.replication: is missing; write replication: {name: replicator, password: {secret: \"file:PATH\"}}",
            "cotidal.yaml:5: postgres.Orders.mode: 'mange' is not known; did you mean manage?",
            "cotidal.yaml:7: postgres.Orders.members[a].data: 'srv/a' is not an absolute path; write one that begins with /",
            "cotidal.yaml:7: postgres.Orders.members[a].bin: is missing; write the folder of initdb and postgres here or in defaults",
            "cotidal.yaml:8: postgres.Orders.members[a].bin: is missing; write the folder of initdb and postgres here or in defaults",
            "cotidal.yaml:8: postgres.Orders.members[a].name: 'a' is the name of another member (line 7); give each member of a cluster its own name",
            "cotidal.yaml:8: postgres.Orders.members[a].port: 127.0.0.1:5432 is the address of another member too (line 7); give each member its own host or port",
            "cotidal.yaml:8: postgres.Orders.members[a].prot: unknown key; did you mean port?",
            "cotidal.yaml:9: postgres.Orders.superuser.password: holds a value, not a reference; write secret: env:NAME or secret: file:PATH below it",
            "cotidal.yaml:10: postgres.Orders.failover.tick: '5' is not a duration; write a number with its unit, for example 200ms, 1.5s or 2m",
            "cotidal.yaml:10: postgres.Orders.failover.confirm: 'many' is not a whole number; write one from 1 to 100",
            "cotidal.yaml:11: tls: TLS is not available yet; remove it and listen on a loopback address");
  }

  @ParameterizedTest(name = "{0} -> {1}")
  @DisplayName("one part of the good configuration spoilt: exactly one line")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      maxCharsPerColumn = 1_000,
      textBlock =
          """
          listen: 127.0.0.1:7400 | listen: 10.0.0.1:7400 | 1: listen: must be a loopback address: TLS is not available yet; write 127.0.0.1:PORT or [::1]:PORT
          listen: 127.0.0.1:7400 | listen: example.org:7400 | 1: listen: must be a loopback address: TLS is not available yet; write 127.0.0.1:PORT or [::1]:PORT
          listen: 127.0.0.1:7400 | listen: 7400 | 1: listen: '7400' is not an address with a port; write 127.0.0.1:PORT or [::1]:PORT
          listen: 127.0.0.1:7400 | listen: 127.0.0.1:70000 | 1: listen: '127.0.0.1:70000' has no port from 0 to 65535; write 127.0.0.1:PORT or [::1]:PORT
          listen: 127.0.0.1:7400 | listen: "::1:7400" | 1: listen: '::1:7400' is not an address with a port; write 127.0.0.1:PORT or [::1]:PORT
          listen: 127.0.0.1:7400 | `listen: ` | 1: listen: has no value; write one, or remove the key
          listen: 127.0.0.1:7400 | listen: {port: 1} | 1: listen: must be a single value, is a mapping; write one value
          listen: 127.0.0.1:7400 | listn: 127.0.0.1:7400 | 1: listn: unknown key; did you mean listen?
          listen: 127.0.0.1:7400 | tls: {} | 1: tls: TLS is not available yet; remove it and listen on a loopback address
          listen: 127.0.0.1:7400 | colour: blue | 1: colour: unknown key; known keys here: accept-commands, authentication, compat, copies, directory, feeds, lease, listen, metrics, objects, postgres, state-folder, store, store-password, tls
          store: sqlite:var | store: postgresql://u:hunter2@db | 2: store: holds a password; remove it, and write store-password: {secret: "file:PATH"}
          store: sqlite:var/cotidal.db | listen: 127.0.0.1:1 | 2: listen: is there already (line 1); keep one of them
          {anonymous: false} | {anonymous: no} | 3: metrics.anonymous: 'no' is neither true nor false; write true or false
          {anonymous: false} | {anonymus: false} | 3: metrics.anonymus: unknown key; did you mean anonymous?
          {anonymous: false} | yes | 3: metrics: must be a mapping, is a text; write its keys below it
          orders: | Orders: | 5: postgres.Orders: is not a name; use 1 to 63 of a-z 0-9 . _ - and begin with a letter or digit
          mode: manage | mode: auto | 6: postgres.orders.mode: 'auto' is not known; write one of observe, propose, manage
          quorum: 1 | quorum: 3 | 7: postgres.orders.quorum: 3 is more than there are replicas (2); write a number from 0 to 2, or add members
          quorum: 1 | quorum: -1 | 7: postgres.orders.quorum: '-1' is not a whole number; write one from 0 to 1000
          quorum: 1 | quorums: 1 | 7: postgres.orders.quorums: unknown key; did you mean quorum?
          bin: /usr/lib/postgresql/15/bin | bin: bin | 8: postgres.orders.defaults.bin: 'bin' is not an absolute path; write one that begins with /
          user: postgres, host | user: Root, host | 8: postgres.orders.defaults.user: 'Root' is not a user name; use 1 to 32 of a-z 0-9 _ - and begin with a letter or _
          host: 127.0.0.1} | host: 127.0.0.256} | 8: postgres.orders.defaults.host: '127.0.0.256' is not a host; write a host name or an IP address
          host: 127.0.0.1} | host: "-x.org"} | 8: postgres.orders.defaults.host: '-x.org' is not a host; write a host name or an IP address
          {name: a, port: 5433 | {name: A, port: 5433 | 10: postgres.orders.members[#1].name: 'A' is not a name; use 1 to 63 of a-z 0-9 . _ - and begin with a letter or digit
          {name: a, port: 5433 | {port: 5433 | 10: postgres.orders.members[#1].name: is missing; write name: NAME
          {name: b, port: 5434 | {name: a, port: 5434 | 11: postgres.orders.members[a].name: 'a' is the name of another member (line 10); give each member of a cluster its own name
          port: 5434 | port: 5433 | 11: postgres.orders.members[b].port: 127.0.0.1:5433 is the address of another member too (line 10); give each member its own host or port
          port: 5434 | port: 5433, host: localhost | 11: postgres.orders.members[b].port: localhost:5433 is the address of another member too (line 10); give each member its own host or port
          port: 5434 | port: 0 | 11: postgres.orders.members[b].port: 0 is out of range; write a number from 1 to 65535
          port: 5434 | port: 0x10 | 11: postgres.orders.members[b].port: '0x10' is not a whole number; write one from 1 to 65535
          data: /srv/b | data: /srv/./a/ | 11: postgres.orders.members[b].data: /srv/a is, or overlaps with, another member's folder (line 10); give each member a folder of its own
          data: /srv/b | data: /srv/a/b | 11: postgres.orders.members[b].data: /srv/a/b is, or overlaps with, another member's folder (line 10); give each member a folder of its own
          data: /srv/b | data: /srv/a.gate | 11: postgres.orders.members[b].data: /srv/a.gate is, or overlaps with, another member's folder (line 10); give each member a folder of its own
          data: /srv/b | data: / | 11: postgres.orders.members[b].data: '/' is not an absolute path; write one that begins with /
          , data: /srv/b |  | 11: postgres.orders.members[b].data: is missing; write the absolute path of its data directory
          superuser: {name: postgres | superuser: {name: "x; drop" | 13: postgres.orders.superuser.name: 'x; drop' is not a role name; use 1 to 63 of a-z 0-9 _ $ and begin with a letter or _
          {secret: "env:ORDERS"} | hunter2 | 13: postgres.orders.superuser.password: holds a value, not a reference; write secret: env:NAME or secret: file:PATH below it
          {secret: "env:ORDERS"} | {secret: hunter2} | 13: postgres.orders.superuser.password: holds a value, not a reference; write secret: env:NAME
          {secret: "env:ORDERS"} | {hunter2: env:ORDERS} | 13: postgres.orders.superuser.password: takes the key secret and no other; write secret: env:NAME or secret: file:PATH below it
          {secret: "env:ORDERS"} | [hunter2] | 13: postgres.orders.superuser.password: holds a value, not a reference; write secret: env:NAME or secret: file:PATH below it
          , password: {secret: "env:ORDERS"} |  | 13: postgres.orders.superuser.password: is missing; write secret: env:NAME or secret: file:PATH below it
          password: {secret: "env:ORDERS"} | pasword: {secret: "env:ORDERS"}, password: {secret: "env:ORDERS"} | 13: postgres.orders.superuser.pasword: unknown key; did you mean password?
          tick: 200ms | tick: 200 | 15: postgres.orders.failover.tick: '200' is not a duration; write a number with its unit, for example 200ms, 1.5s or 2m
          tick: 200ms | tick: 1ms | 15: postgres.orders.failover.tick: 1ms is out of range; write a duration from 50ms to 1m
          silence: 1500ms | silence: 400ms | 15: postgres.orders.failover.silence: 400ms is shorter than deadline (500ms); one slow look must not count as silence: write at least the deadline
          silence: 1500ms | silence: 1500ms, isolated: 2s | 15: postgres.orders.failover.isolated: 2s is too short for replicas that are about to connect again; a primary must not be replaced because of a short cut: write at least 3s, or 0ms for never
          fence: process | fence: proces | 15: postgres.orders.failover.fence: 'proces' is not known; did you mean process?
          confirm: 3 | confirm: 0 | 15: postgres.orders.failover.confirm: 0 is out of range; write a number from 1 to 100
          automatic: true | automatic: "yes" | 15: postgres.orders.failover.automatic: 'yes' is neither true nor false; write true or false
          max_connections: | port: | 16: postgres.orders.settings.port: is set by Cotidal itself; remove it
          max_connections: | Max-Connections: | 16: postgres.orders.settings.Max-Connections: is not the name of a server parameter; write it as PostgreSQL's manual does
          "200" | "a\\nb" | 16: postgres.orders.settings.max_connections: is no value of a server parameter; write one line of at most 1000 characters
          "200" | &a "200" | 16: anchors and aliases (& and *) are not taken; write the value itself, or quote it
          "200" | !!int "200" | 16: tags (!) are not taken; remove the tag, or quote the value
          "200" | [[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]] | 16: is nested more than 20 levels deep; remove the inner levels
          "200"} | "200"] | 16: is not YAML: expected ',' or '}', but got ]; correct the text near this line
          """)
  void spoilt(String part, String instead, String line) {
    assertThat(GOOD).contains(part);
    String text =
        GOOD.replaceFirst(
            Pattern.quote(part), Matcher.quoteReplacement(instead == null ? "" : instead));
    assertThat(lines(parse(text))).containsExactly("cotidal.yaml:" + line);
  }

  @Test
  @DisplayName("members of different clusters must not meet either; names may")
  void clustersApart() {
    String second = GOOD.substring(GOOD.indexOf("  orders:")).replace("orders:", "invoices:");
    assertThat(lines(parse(GOOD + second.replace("/srv/", "/data/").replace("543", "643"))))
        .isEmpty();
    assertThat(lines(parse(GOOD + second)))
        .hasSize(6)
        .contains(
            "cotidal.yaml:22: postgres.invoices.members[a].port: 127.0.0.1:5433 is the address of another member too (line 10); give each member its own host or port",
            "cotidal.yaml:22: postgres.invoices.members[a].data: /srv/a is, or overlaps with, another member's folder (line 10); give each member a folder of its own");
  }

  @Test
  @DisplayName("members that are none")
  void noMembers() {
    String head = GOOD.substring(0, GOOD.indexOf("    members:"));
    String tail = GOOD.substring(GOOD.indexOf("    superuser:"));
    assertThat(lines(parse(head + tail)))
        .containsExactly(
            "cotidal.yaml:5: postgres.orders.members: is missing; write at least one {name: …, data: …}");
    assertThat(lines(parse(head + "    members: []\n" + tail)))
        .containsExactly(
            "cotidal.yaml:9: postgres.orders.members: names no member; write at least one {name: …, data: …}");
    assertThat(lines(parse(head + "    members: a, b\n" + tail)))
        .containsExactly(
            "cotidal.yaml:9: postgres.orders.members: must be a list, is a text; write one item a line, each after a dash");
    assertThat(lines(parse(head + "    members: [a, b]\n" + tail)))
        .containsExactly(
            "cotidal.yaml:9: postgres.orders.members[#1]: must be a mapping, is a text; write its keys below it",
            "cotidal.yaml:9: postgres.orders.members[#2]: must be a mapping, is a text; write its keys below it");
  }

  @Test
  @DisplayName("a file that is no mapping, or two documents, or endless")
  void notAConfiguration() {
    assertThat(lines(parse("- a")))
        .containsExactly(
            "cotidal.yaml:1: must be a mapping, is a list; begin with listen:, store:, postgres:, copies:, directory:, feeds: or objects:");
    assertThat(lines(parse("a: 1\n---\nb: 1")))
        .containsExactly("cotidal.yaml:2: a second document begins; keep one document in the file");
    assertThat(lines(parse("#".repeat(YamlReader.MOST_CHARACTERS + 1))))
        .containsExactly("cotidal.yaml: has more than 1000000 characters; split the configuration");
    assertThat(lines(parse("listen: \u0000")))
        .containsExactly(
            "cotidal.yaml:1: is not YAML: it holds characters that a text file has not; remove control characters and save the file as UTF-8");
    assertThat(lines(parse("{a: 1".repeat(3)))).hasSize(1);
    String many = "wrong: 1\nother: 2\n".repeat(500);
    assertThat(lines(parse(many)))
        .hasSize(101)
        .last()
        .isEqualTo("cotidal.yaml: 900 further problems are not shown; mend these and look again");
  }
}
