package io.cotidal.app.config;

import static io.cotidal.app.config.Examples.GOOD;
import static io.cotidal.app.config.Examples.lines;
import static io.cotidal.app.config.Examples.parse;
import static io.cotidal.app.config.Examples.valid;
import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.postgres.spec.Addresses;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Reach;
import io.cotidal.postgres.spec.Server;
import io.cotidal.remote.ssh.PinnedKeys;
import io.cotidal.remote.ssh.SshAccess;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("how members are reached")
class ReachSectionTest {
  private static final String FAR =
      GOOD.replace(
              "host: 127.0.0.1}",
              "host: 127.0.0.1, driver: ssh, ssh: {identity: /etc/cotidal/id, known-hosts: /etc/cotidal/known}}")
          .replace(
              "{name: b, port: 5434, data: /srv/b}",
              "{name: b, port: 5434, data: /srv/b, driver: local}")
          .replace(
              "{name: c, port: 5435, data: /srv/c}",
              "{name: c, port: 5435, driver: sql, addresses: {replication: 10.0.0.3}}");

  private static List<Server> servers(String text) {
    return valid(parse(text)).of(Clusters.class).named().stream()
        .findFirst()
        .map(PostgresSpec::servers)
        .orElseThrow();
  }

  @Test
  @DisplayName("members are local unless they say otherwise")
  void local() {
    assertThat(servers(GOOD))
        .allSatisfy(server -> {
          assertThat(server.reach()).isEqualTo(new Reach.Local());
          assertThat(server.addresses()).isEqualTo(Addresses.all("127.0.0.1"));
          assertThat(server.user()).isEqualTo("postgres");
        });
  }

  @Test
  @DisplayName("defaults hold for the members of a cluster, and each may say otherwise")
  void mixed() {
    List<Server> servers = servers(FAR);
    assertThat(servers.get(0).reach())
        .isEqualTo(
            new Reach.Ssh(
                new SshAccess(
                    "127.0.0.1",
                    22,
                    "postgres",
                    Path.of("/etc/cotidal/id"),
                    new PinnedKeys.InFile(Path.of("/etc/cotidal/known")))));
    assertThat(servers.get(0).user()).isEmpty();
    assertThat(servers.get(1).reach()).isEqualTo(new Reach.Local());
    assertThat(servers.get(1).user()).isEqualTo("postgres");
    assertThat(servers.get(2).reach()).isEqualTo(new Reach.Sql());
    assertThat(servers.get(2).gated()).isFalse();
    assertThat(servers.get(2).addresses())
        .isEqualTo(new Addresses("127.0.0.1", "10.0.0.3", "127.0.0.1"));
    String other =
        FAR.replace(
            "data: /srv/a}",
            "data: /srv/a, addresses: {control: db1.example.org}, ssh: {user: pg, port: 2222}}");
    assertThat(((Reach.Ssh) servers(other).getFirst().reach()).access())
        .hasToString("pg@db1.example.org:2222");
  }

  @Test
  @DisplayName("two machines may have a folder of the same name, one machine not")
  void folders() {
    String same = FAR.replace("data: /srv/b, driver: local}", "data: /srv/a, driver: local}");
    assertThat(lines(parse(same))).isEmpty();
    String twice = FAR.replace("data: /srv/b, driver: local}", "data: /srv/a, ssh: {user: other}}");
    assertThat(lines(parse(twice)))
        .singleElement()
        .asString()
        .contains("members[b].data: /srv/a is, or overlaps with, another member's folder");
  }

  @ParameterizedTest(name = "{0} -> {1}")
  @DisplayName("one part spoilt: a line that names it")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          driver: local | driver: lokal | 11: postgres.orders.members[b].driver: 'lokal' is not known; did you mean local?
          driver: ssh | driver: shh | 8: postgres.orders.defaults.driver: 'shh' is not known; did you mean ssh?
          identity: /etc/cotidal/id, | | 10: postgres.orders.members[a].ssh.identity: is missing; write the file of the private key here or in defaults.ssh
          known-hosts: /etc | known-host: /etc | 8: postgres.orders.defaults.ssh.known-host: unknown key; did you mean known-hosts?
          identity: /etc | identity: etc | 8: postgres.orders.defaults.ssh.identity: 'etc/cotidal/id' is not an absolute path; write one that begins with /
          data: /srv/a | data: /srv/a b | 10: postgres.orders.members[a].data: '/srv/a b' is not a path for a member over SSH; use letters, digits, . _ + - and no blanks
          data: /srv/a | data: /srv/a, user: root2 | 10: postgres.orders.members[a].user: is for members with driver: local; remove it; over SSH write ssh: {user: …}
          driver: local | driver: local, ssh: {port: 7} | 11: postgres.orders.members[b].ssh: is for members with driver: ssh; write driver: ssh, or remove it
          driver: sql | driver: sql, data: /srv/c | 12: postgres.orders.members[c].data: is out of reach by SQL alone; remove it, or write another driver
          replication: 10.0.0.3 | replicaton: 10.0.0.3 | 12: postgres.orders.members[c].addresses.replicaton: unknown key; did you mean replication?
          replication: 10.0.0.3 | replication: "-x" | 12: postgres.orders.members[c].addresses.replication: '-x' is not a host; write a host name or an IP address
          """)
  void spoilt(String from, String to, String line) {
    List<String> problems = lines(parse(FAR.replace(from, to == null ? "" : to)));
    assertThat(problems).contains("cotidal.yaml:" + line);
  }
}
