package io.cotidal.postgres.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.postgres.compat.HandyrepKey.Fate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(20)
class AdoptionTest {
  private static final String CANARY = "canary-4Kq";

  /** The least that is a cluster. */
  private static final String LEAST =
      """
      [servers]
        [[one]]
          hostname = a.example.org
          pgdata = /srv/one
      """;

  private static Adopted adopt(String conf) throws UnreadableFile {
    return Adoption.of(IniReader.read(conf), Foreign.Group.EMPTY);
  }

  private static final String SSH =
      "ssh: {user: \"handyrep\", identity: \"/etc/cotidal/id_ed25519\","
          + " known-hosts: \"/etc/cotidal/known_hosts\"}";

  private static String yaml(Adopted adopted) {
    return adopted.yaml(account -> "env:" + account);
  }

  /** A value that each key takes and that no default has, and how it shows in the result. */
  private static final Map<String, List<String>> CARRIED =
      Map.ofEntries(
          Map.entry("handyrep.cluster_name", List.of("Shop", "  shop:")),
          Map.entry("handyrep.postgresql_version", List.of("17", "/usr/lib/postgresql/17/bin")),
          Map.entry("handyrep.postgres_superuser", List.of("root", "superuser: {name: \"root\"")),
          Map.entry("handyrep.replication_user", List.of("rep", "replication: {name: \"rep\"")),
          Map.entry("failover.auto_failover", List.of("yes", "automatic: true")),
          Map.entry("failover.fail_retries", List.of("7", "confirm: 7")),
          Map.entry("failover.fail_retry_interval", List.of("4", "tick: 4s")),
          Map.entry("servers.hostname", List.of("b.example.org", "host: \"b.example.org\"")),
          Map.entry("servers.role", List.of("master", "name: \"one\"")),
          Map.entry("servers.enabled", List.of("on", "name: \"one\"")),
          Map.entry("failover.restart_master", List.of("True", "restart: 60s")),
          Map.entry("servers.failover_priority", List.of("5", "priority: 5")),
          Map.entry("servers.lag_limit", List.of("16", "lag-limit: 16MiB")),
          Map.entry("servers.ssh_user", List.of("pg", "driver: ssh, ssh: {user: \"pg\"")),
          Map.entry(
              "servers.ssh_key", List.of("/k/id", "identity: \"/k/id\", known-hosts: \"/etc/")),
          Map.entry("servers.port", List.of("6543", "port: 6543")),
          Map.entry("servers.pgdata", List.of("/elsewhere", "data: \"/elsewhere\"")));

  static Stream<HandyrepKey> keys() {
    return HandyrepKeys.ALL.stream();
  }

  @ParameterizedTest
  @MethodSource("keys")
  @DisplayName(
      "every key of the original is carried, or named in the report with reason and remedy")
  void everyKey(HandyrepKey key) throws UnreadableFile {
    String full = key.section() + "." + key.name();
    boolean server = key.section().equals("servers");
    Map<String, Foreign> one = new LinkedHashMap<>();
    one.put("hostname", new Foreign.Text("a.example.org"));
    one.put("pgdata", new Foreign.Text("/srv/one"));
    Map<String, Foreign> conf = new LinkedHashMap<>();
    String value = CARRIED.containsKey(full) ? CARRIED.get(full).getFirst() : CANARY;
    if (server) {
      one.put(key.name(), new Foreign.Text(value));
    } else {
      conf.put(key.section(), new Foreign.Group(Map.of(key.name(), new Foreign.Text(value))));
    }
    conf.put("servers", new Foreign.Group(Map.of("one", new Foreign.Group(one))));
    Adopted adopted = Adoption.of(new Foreign.Group(conf), Foreign.Group.EMPTY);
    String place = server ? "servers.*." + key.name() : full;
    switch (key.fate()) {
      case Fate.Named named ->
          assertThat(adopted.report())
              .contains(place + ": " + named.reason() + "; " + named.remedy());
      case Fate.Carried carried -> {
        if (key.section().equals("passwords")) {
          assertThat(adopted.passwords().values())
              .extracting(each -> each.reveal())
              .containsExactly(CANARY);
        } else {
          assertThat(yaml(adopted)).contains(CARRIED.get(full).getLast());
        }
      }
    }
    assertThat(adopted.report().toString() + yaml(adopted)).doesNotContain(CANARY);
  }

  @Test
  @DisplayName("a key of the server defaults holds for the servers that do not say otherwise")
  void defaults() throws UnreadableFile {
    Adopted adopted =
        adopt(
            """
            [server_defaults]
              port = 5433
              pgdata = /pg
              ssh_user = handyrep
            [servers]
              [[Two]]
                hostname = b
                failover_priority = 2
              [[one]]
                hostname = a
                port = 5434
                failover_priority = 1
            """);
    assertThat(adopted.members())
        .containsExactly(
            new Adopted.Member("one", "a", 5434, "/pg", List.of("priority: 1", "driver: ssh", SSH)),
            new Adopted.Member(
                "two", "b", 5433, "/pg", List.of("priority: 2", "driver: ssh", SSH)));
    assertThat(adopted.report()).filteredOn(line -> line.contains("cot member prepare")).hasSize(1);
  }

  @Test
  @DisplayName("archives, proxies and disabled servers are no members, and the report says which")
  void noMembers() throws UnreadableFile {
    Adopted adopted =
        adopt(
            LEAST
                + """
                  [[vault]]
                    hostname = v
                    role = archive
                  [[bouncer]]
                    hostname = p
                    role = pgbouncer
                  [[old]]
                    hostname = o
                    enabled = False
                """);
    assertThat(adopted.members()).extracting(Adopted.Member::name).containsExactly("one");
    assertThat(adopted.report())
        .anyMatch(line -> line.startsWith("servers.vault: its role is neither"))
        .anyMatch(line -> line.startsWith("servers.bouncer: its role is neither"))
        .anyMatch(line -> line.startsWith("servers.old: it is disabled"));
  }

  @Test
  @DisplayName("what the original does by default is done here by default, and no more")
  void caution() throws UnreadableFile {
    assertThat(yaml(adopt(LEAST)))
        .contains("mode: observe", "quorum: 0", "automatic: false", "confirm: 3", "  hr1:")
        .doesNotContain("tick:");
  }

  @Test
  @DisplayName("servers.save goes before the servers of handyrep.conf")
  void saved() throws UnreadableFile {
    Foreign.Group server =
        new Foreign.Group(
            Map.of(
                "hostname", new Foreign.Text("new"),
                "pgdata", new Foreign.Text("/new"),
                "status_no", new Foreign.Text("1"),
                "role", new Foreign.Text("master")));
    Foreign.Group saved =
        new Foreign.Group(
            Map.of(
                "servers", new Foreign.Group(Map.of("fresh", server)),
                "status", new Foreign.Group(Map.of("pid", new Foreign.Text("1")))));
    Adopted adopted = Adoption.of(IniReader.read(LEAST), saved);
    assertThat(adopted.members()).extracting(Adopted.Member::name).containsExactly("fresh");
    assertThat(adopted.report())
        .anyMatch(line -> line.startsWith("servers: those of servers.save"))
        .anyMatch(line -> line.startsWith("servers.*.status_no: "))
        .anyMatch(line -> line.startsWith("status: "));
  }

  @Test
  @DisplayName(
      "plug-ins, further commands and keys of nobody's are named, hostile names made plain")
  void others() throws UnreadableFile {
    Adopted adopted =
        adopt(
            LEAST
                + """
                [extra_failover_commands]
                  [[page me]]
                    command = page
                    parameters = a, b
                [plugins]
                  [[multi_pgbouncer]]
                    x = %s
                [passwords]
                  bigip_password = %s
                [other]
                """
                    .formatted(CANARY, CANARY));
    assertThat(adopted.report())
        .anyMatch(line -> line.startsWith("extra_failover_commands.page?me: "))
        .anyMatch(line -> line.startsWith("plugins.multi_pgbouncer: "))
        .anyMatch(line -> line.startsWith("passwords.bigip_password: "))
        .anyMatch(line -> line.startsWith("other: "));
    assertThat(adopted.report().toString() + adopted).doesNotContain(CANARY);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          [handyrep]~cluster_name = x | it names no server
          [servers]~[[../etc]]~hostname = a | the name of a server
          [servers]~[[a]]~hostname = a~pgdata=/a~port = x | servers.port is no whole number
          [servers]~[[a]]~pgdata=/a | servers.a has no hostname
          [servers]~[[a]]~hostname = a~enabled = maybe | servers.a.enabled is neither
          [servers]~[[a]]~hostname = a~[[A]]~hostname = b | servers a and A differ
          [servers]~[[a]]~hostname = a~role = archive | no server of it
          [handyrep]~cluster_name = ../x~[servers]~[[a]]~hostname = a | cluster_name holds
          [servers]~a = b | servers.a is no section
          """)
  @DisplayName("what makes no sense is refused in one line")
  void refused(String conf, String begin) {
    assertThatThrownBy(() -> adopt(conf.replace('~', '\n')))
        .isInstanceOf(UnreadableFile.class)
        .hasMessageStartingWith(begin);
  }
}
