package io.cotidal.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.app.kinds.Kinds;
import io.cotidal.model.MemberId;
import io.cotidal.postgres.spec.Alert;
import io.cotidal.postgres.spec.Archive;
import io.cotidal.postgres.spec.Care;
import io.cotidal.postgres.spec.CopyWay;
import io.cotidal.postgres.spec.DiskLimits;
import io.cotidal.postgres.spec.DiskLimits.Share;
import io.cotidal.postgres.spec.LossKeeping;
import io.cotidal.postgres.spec.Plugin;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Proxy;
import io.cotidal.postgres.spec.Restore;
import io.cotidal.postgres.spec.SlotLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Policies, proxies, plug-ins and alerts, as they are written. */
@Timeout(30)
final class PracticeSectionsTest {
  private static final String CLUSTER =
      """
      postgres:
        orders:
          members:
            - {name: a, data: /srv/a, bin: /bin, priority: 10, tags: "east, ssd"}
            - {name: b, port: 5433, data: /srv/b, bin: /bin, never: true, lag-limit: 16MiB}
          superuser: {password: {secret: "env:PW"}}
          replication: {password: {secret: "env:PW"}}
      """;

  @TempDir private Path folder;

  private Loaded read(String more) throws IOException {
    Path file = Files.writeString(folder.resolve("cotidal.yaml"), CLUSTER + more);
    return Kinds.reader(Map.of(), Map.of("PW", "canary"), folder).read(file);
  }

  private PostgresSpec valid(String more) throws IOException {
    Loaded loaded = read(more);
    assertThat(loaded).isInstanceOf(Loaded.Valid.class);
    return ((Loaded.Valid) loaded).configuration().of(Clusters.class).named().getFirst();
  }

  private List<String> problems(String more) throws IOException {
    Loaded loaded = read(more);
    assertThat(loaded).isInstanceOf(Loaded.Invalid.class);
    return ((Loaded.Invalid) loaded)
        .problems().stream()
            .map(problem -> problem.path() + " " + problem.reason())
            .peek(text -> assertThat(text).doesNotContain("canary"))
            .toList();
  }

  @Test
  @DisplayName("A policy: standings of members, preferred tags, restart and hold")
  void policy() throws IOException {
    PostgresSpec spec = valid("    failover: {prefer: \"east west\", restart: 20s, hold: 1m}\n");
    var policy = spec.practice().policy();
    assertThat(policy.of(new MemberId("a")).priority()).isEqualTo(10);
    assertThat(policy.preference(new MemberId("a"))).isZero();
    assertThat(policy.preference(new MemberId("b"))).isEqualTo(2);
    assertThat(policy.of(new MemberId("b")).never()).isTrue();
    assertThat(policy.of(new MemberId("b")).lagLimit()).isEqualTo(16L << 20);
    assertThat(policy.restart()).isEqualTo(Duration.ofSeconds(20));
    assertThat(policy.hold()).isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  @DisplayName("Proxies of each software; they are members of the resource and not servers")
  void proxies() throws IOException {
    PostgresSpec spec =
        valid(
            """
                proxies:
                  - name: p
                    pgbouncer:
                      password: {secret: "env:PW"}
                      file: /etc/pgbouncer/c.ini
                      databases: {shop: "pool_size=5 reserve_pool=1", plain: ""}
                  - {name: h, haproxy: {socket: /run/h.sock, backend: orders}}
                  - {name: g, pgpool: {user: ops, password: {secret: "env:PW"}, gate: /var/lib/cotidal/g}}
            """);
    assertThat(spec.servers()).hasSize(2);
    assertThat(spec.members()).extracting(MemberId::name).containsExactly("a", "b", "p", "h", "g");
    assertThat(spec.withoutProxies().members()).hasSize(2);
    Proxy.PgBouncer bouncer = (Proxy.PgBouncer) spec.practice().proxies().getFirst();
    assertThat(bouncer.console().port()).isEqualTo(6432);
    assertThat(bouncer.lines()).containsEntry("shop", "pool_size=5 reserve_pool=1");
    Proxy.PgPool pool = (Proxy.PgPool) spec.practice().proxies().getLast();
    assertThat(pool.pcp().port()).isEqualTo(9898);
    assertThat(pool.pcp().user()).isEqualTo("ops");
    assertThat(pool.place()).hasToString("/var/lib/cotidal/g");
  }

  @Test
  @DisplayName("What would lead elsewhere, hold a password or name nobody is refused")
  void badProxies() throws IOException {
    assertThat(
            problems(
                """
                    proxies:
                      - name: a
                        haproxy: {socket: run/h.sock, backend: "x y"}
                      - name: p
                        pgbouncer:
                          password: {secret: "env:PW"}
                          file: /etc/c.ini
                          databases: {shop: "host=evil", "a b": "", s2: "pool_size=5; x", s3: "password=canary"}
                      - {name: two, haproxy: {socket: /h, backend: b}, pgbouncer: {file: /f, databases: {d: ""}, password: {secret: "env:PW"}}}
                      - {name: g, pgpool: {gate: g}}
                      - {name: none}
                """))
        .anyMatch(text -> text.contains("proxies[a].name") && text.contains("another member"))
        .anyMatch(text -> text.contains("haproxy.socket") && text.contains("absolute"))
        .anyMatch(text -> text.contains("haproxy.backend"))
        .anyMatch(text -> text.contains("databases.shop") && text.contains("leads"))
        .anyMatch(text -> text.contains("is not the name of a database"))
        .anyMatch(text -> text.contains("databases.s2"))
        .anyMatch(text -> text.contains("databases.s3"))
        .anyMatch(text -> text.contains("pgpool.gate") && text.contains("absolute"))
        .anyMatch(text -> text.contains("pgpool.password"))
        .anyMatch(text -> text.contains("more than one software"))
        .anyMatch(text -> text.contains("proxies[none]") && text.contains("no software"));
  }

  @Test
  @DisplayName("Plug-ins: a hook that is known, an absolute program, a name of their own")
  void plugins() throws IOException {
    PostgresSpec spec =
        valid(
            """
                plugins:
                  - {name: power, hook: stonith, program: /opt/p, limit: 10s, parameters: {board-a: "10.0.0.9"}}
                  - {name: note, hook: after-failover, program: /opt/n}
                  - {name: copy, hook: clone, program: /opt/c, limit: 12h}
            """);
    assertThat(spec.practice().plugins(Plugin.Hook.STONITH)).hasSize(1);
    assertThat(spec.practice().plugins().get(1).limit()).isEqualTo(Duration.ofSeconds(5));
    assertThat(spec.practice().plugins().getLast().limit()).isEqualTo(Duration.ofHours(12));
    assertThat(
            problems(
                """
                    plugins:
                      - {name: p, hook: stonit, program: /opt/p}
                      - {name: q, hook: alert, program: p}
                      - {name: r, hook: alert, program: /opt/p}
                      - {name: r, hook: select, program: /opt/p}
                      - {name: s, hook: promote, program: /opt/p, limit: 12h}
                      - {name: t, hook: promote, program: /opt/p}
                """))
        .anyMatch(text -> text.contains("'stonit' is no hook"))
        .anyMatch(text -> text.contains("plugins[q].program"))
        .anyMatch(text -> text.contains("another plug-in"))
        .anyMatch(text -> text.contains("plugins[s].limit"))
        .anyMatch(text -> text.contains("plugins[t].hook is the hook of another plug-in too"));
  }

  @Test
  @DisplayName("Alerts: nothing goes over the network in the clear")
  void alerts() throws IOException {
    PostgresSpec spec =
        valid(
            """
                alerts:
                  - {name: w, webhook: {url: "https://example.org/x", token: {secret: "env:PW"}}}
                  - {name: m, mail: {host: mail.example.org, from: c@example.org, to: "a@example.org, b@example.org"}}
            """);
    assertThat(spec.practice().alerts()).hasSize(2);
    assertThat(((Alert.Mail) spec.practice().alerts().getLast()).startTls()).isTrue();
    assertThat(
            problems(
                """
                    alerts:
                      - {name: w, webhook: {url: "http://example.org/x"}}
                      - {name: m, mail: {host: mail.example.org, starttls: false, from: c@example.org, to: "a@x>"}}
                      - {name: n}
                """))
        .anyMatch(text -> text.contains("webhook.url") && text.contains("in the clear"))
        .anyMatch(text -> text.contains("mail.starttls"))
        .anyMatch(text -> text.contains("mail.to"))
        .anyMatch(text -> text.contains("tells nobody"));
  }

  @Test
  @DisplayName("The archive in each of its three places, limits of slots, the pace of copies")
  void care() throws IOException {
    Care care =
        valid(
                """
                    slots: {warn: 1GiB, critical: 2GiB}
                    clone: {rate: 50MiB, way: rsync}
                    disk: {warn: 5GiB, critical: 0%}
                    losses: {keep: 0MiB, folders: 3}
                    archive: {folder: /srv/archive, restore: false, backlog: 64MiB, patience: 5s}
                """)
            .practice()
            .care();
    assertThat(care.slots()).isEqualTo(new SlotLimits(1L << 30, 2L << 30));
    assertThat(care.rate()).isEqualTo(50L << 20);
    assertThat(care.copying().way()).isEqualTo(CopyWay.RSYNC);
    assertThat(care.losses()).isEqualTo(new LossKeeping(0, 3));
    assertThat(care.disk()).isEqualTo(new DiskLimits(Share.bytes(5L << 30), Share.percent(0)));
    assertThat(care.disk().warn().of(100L << 30)).isEqualTo(5L << 30);
    assertThat(DiskLimits.DEFAULT.critical().of(100L << 30)).isEqualTo(3L << 30);
    Archive archive = care.archive().orElseThrow();
    assertThat(archive.place()).isEqualTo(new Archive.Place.Folder(Path.of("/srv/archive")));
    assertThat(archive.restore()).isFalse();
    assertThat(archive.backlog()).isEqualTo(64L << 20);
    assertThat(archive.patience()).isEqualTo(Duration.ofSeconds(5));
    assertThat(place("    archive: {pgbackrest: {stanza: orders}}\n"))
        .isEqualTo(new Archive.Place.PgBackRest("orders", Optional.empty()));
    Archive.Place.Commands commands =
        (Archive.Place.Commands)
            place(
                """
                    archive:
                      commands:
                        push: [/bin/push, "%p"]
                        fetch: [/bin/fetch, "%f", "%p"]
                        environment: {KIND: "x y"}
                """);
    assertThat(commands.fetch()).containsExactly("/bin/fetch", "%f", "%p");
    assertThat(commands.environment()).containsEntry("KIND", "x y");
    assertThat(valid("").practice().care()).isEqualTo(Care.PLAIN);
    assertThat(valid("    settings-care: false\n").practice().care())
        .isEqualTo(Care.PLAIN.settings(false));
  }

  @Test
  @DisplayName("Two repositories, base backups, and from what a cluster is restored")
  void repositories() throws IOException {
    Care care =
        valid(
                """
                    archive:
                      folder: /srv/then
                      second: {folder: /mnt/then}
                      backups: {every: 24h, keep: 7}
                    restore:
                      folder: /srv/archive
                      second: {folder: /mnt/archive}
                      checks:
                        - {database: shop, query: "SELECT count(*) FROM item", answer: "42"}
                """)
            .practice()
            .care();
    Archive archive = care.archive().orElseThrow();
    assertThat(archive.second()).contains(new Archive.Place.Folder(Path.of("/mnt/then")));
    assertThat(archive.takers()).containsExactly(1, 2);
    assertThat(archive.backups()).contains(new Archive.Backups(Duration.ofDays(1), 7));
    Restore restore = care.restore().orElseThrow();
    assertThat(restore.places())
        .containsExactly(
            new Archive.Place.Folder(Path.of("/srv/archive")),
            new Archive.Place.Folder(Path.of("/mnt/archive")));
    assertThat(restore.checks())
        .containsExactly(new Restore.Check("shop", "SELECT count(*) FROM item", "42"));
    assertThat(
            problems(
                """
                    archive: {folder: /srv/a, second: {folder: /srv/a}, backups: {every: 1s, keep: 0}}
                    restore: {folder: /srv/a, checks: [{query: SELECT 1}]}
                """))
        .anyMatch(text -> text.contains("archive.second is the first one again"))
        .anyMatch(text -> text.contains("archive.backups.every"))
        .anyMatch(text -> text.contains("archive.backups.keep"))
        .anyMatch(text -> text.contains("restore is where this cluster archives itself"))
        .anyMatch(text -> text.contains("answer is missing"));
    assertThat(problems("    restore: {second: {folder: /srv/a}}\n"))
        .anyMatch(text -> text.contains("restore.folder is missing"));
    assertThat(problems("    archive: {pgbackrest: {stanza: x}, backups: {every: 1h, keep: 1}}\n"))
        .anyMatch(text -> text.contains("base backups lie in folders"));
  }

  @Test
  @DisplayName("A way to copy is known, and no plug-in has the same place")
  void ways() throws IOException {
    assertThat(problems("    clone: {way: scp}\n"))
        .anyMatch(text -> text.contains("clone.way 'scp' is not known"));
    assertThat(
            problems(
                """
                    clone: {way: rsync}
                    plugins: [{name: copy, hook: clone, program: /opt/c}]
                """))
        .anyMatch(text -> text.contains("a plug-in of the hook clone copies"));
  }

  private Archive.Place place(String text) throws IOException {
    return valid(text).practice().care().archive().orElseThrow().place();
  }

  @Test
  @DisplayName(
      "An archive without a place, with two, with a relative program, beside its own settings")
  void wrongCare() throws IOException {
    assertThat(problems("    archive: {restore: true}\n"))
        .anyMatch(text -> text.contains("says no place"));
    assertThat(problems("    archive: {folder: /a, pgbackrest: {stanza: \"a b\"}}\n"))
        .anyMatch(text -> text.contains("several places"))
        .anyMatch(text -> text.contains("no name of a stanza"));
    assertThat(
            problems(
                """
                    settings: {archive_command: "cp %p /a"}
                    slots: {warn: 2GiB, critical: 1GiB}
                    archive: {commands: {push: [push, x], fetch: "x"}}
                """))
        .anyMatch(text -> text.contains("commands.push names no program by its path"))
        .anyMatch(text -> text.contains("commands.push does not say %p"))
        .anyMatch(text -> text.contains("commands.fetch must be a list"))
        .anyMatch(text -> text.contains("slots.critical"));
    assertThat(problems("    disk: {warn: 5%, critical: 10%}\n"))
        .anyMatch(text -> text.contains("disk.critical is more than warn"));
    assertThat(problems("    disk: {warn: 91%, critical: much}\n"))
        .anyMatch(text -> text.contains("'91%' is no part of a disk"))
        .anyMatch(text -> text.contains("'much' is no part of a disk"));
    assertThat(
            problems(
                "    settings: {archive_mode: \"off\"}\n    archive: {folder: /srv/archive}\n"))
        .anyMatch(text -> text.contains("archive_mode, which archive sets"));
  }

  private List<String> followed(String members, String more) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("cotidal.yaml"),
            """
            postgres:
              orders:
                defaults: {bin: /bin}
                members:
            %s
                superuser: {password: {secret: "env:PW"}}
                replication: {password: {secret: "env:PW"}}
            %s
            """
                .formatted(members.indent(6).stripTrailing(), more));
    Loaded loaded = Kinds.reader(Map.of(), Map.of("PW", "canary"), folder).read(file);
    return switch (loaded) {
      case Loaded.Valid valid ->
          valid.configuration().of(Clusters.class).named().getFirst().servers().stream()
              .flatMap(server -> server.follows().stream())
              .map(MemberId::name)
              .toList();
      case Loaded.Invalid invalid ->
          invalid.problems().stream()
              .map(problem -> problem.path() + " " + problem.reason())
              .toList();
    };
  }

  @Test
  @DisplayName("postgres/S27: whom members follow; not themselves, nobody unknown, in no circle")
  void follows() throws IOException {
    String a = "- {name: a, port: 1, data: /srv/a}\n";
    String b = "- {name: b, port: 2, data: /srv/b, follows: %s}\n";
    String c = "- {name: c, port: 3, data: /srv/c, follows: %s}\n";
    assertThat(followed(a + c.formatted("a"), "")).containsExactly("a");
    assertThat(followed(a + b.formatted("b"), ""))
        .containsExactly("postgres.orders.members[b].follows b would follow itself");
    assertThat(followed(a + b.formatted("d"), ""))
        .containsExactly("postgres.orders.members[b].follows no member is named 'd'");
    assertThat(followed(a + b.formatted("c") + c.formatted("b"), "    quorum: 0\n"))
        .containsExactly(
            "postgres.orders.members[b].follows b would follow itself by way of c",
            "postgres.orders.members[c].follows c would follow itself by way of b");
    assertThat(followed(a + b.formatted("a") + c.formatted("b"), "    quorum: 2\n"))
        .containsExactly(
            "postgres.orders.quorum 2 cannot be met while a is primary: only b would stream from"
                + " it, and who follows another member confirms nothing to it");
  }

  @Test
  @DisplayName("postgres/S30: logical slots are cared for if that is written")
  void logical() throws IOException {
    assertThat(valid("").practice().care().slots().logical()).isFalse();
    assertThat(valid("    slots: {logical: true}\n").practice().care().slots().logical()).isTrue();
  }
}
