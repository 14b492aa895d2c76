package io.cotidal.app.config;

import static io.cotidal.app.config.Examples.lines;
import static io.cotidal.app.config.Examples.parse;
import static io.cotidal.app.config.Examples.valid;
import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.copies.spec.CopiesSpec;
import io.cotidal.copies.spec.Schedule;
import io.cotidal.model.MemberId;
import io.cotidal.model.Mode;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Secret;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class CopiesSectionTest {
  private static final String GOOD =
      """
      copies:
        shop:
          mode: manage
          engine: postgres
          version: 15
          server: /usr/lib/postgresql/15/bin
          database: shop
          user: owner
          password: {secret: "env:ORDERS"}
          memory: 128
          dump: /srv/dumps/shop.sql.gz
          dumps: /srv/dumps
          charset: iso-8859-1
          schedule: "0 3 * * *"
          hooks: [{sql: /srv/hooks/mask.sql}, {sql: /srv/hooks/more.sql}]
          import-limit: 2h
          volume: /srv/volume
          links: true
          reserve: 5GiB
          ttl: 8h
          longest: 48h
          idle: 30m
          copies: 50
          per-owner: 5
          spares: 3
          runtime: docker
          image: postgres:15
          socket: /run/docker.sock
          listen: 10.0.0.1
          host: db.example.org
          first-port: 30000
          last-port: 30999
          first-uid: 300000
          upload-limit: 3TiB
          quota: 2GiB
      """;

  @Test
  @DisplayName("the whole of a good template")
  void good() {
    assertThat(valid(parse(GOOD)).of(Templates.class).named())
        .containsExactly(
            new CopiesSpec(
                new ResourceId("copies", "shop"),
                Mode.MANAGE,
                new CopiesSpec.Database(
                    "postgres",
                    "15",
                    Optional.of(Path.of("/usr/lib/postgresql/15/bin")),
                    "shop",
                    "owner",
                    Optional.of(new Secret("canary-orders")),
                    128),
                new CopiesSpec.Template(
                    Optional.of(Path.of("/srv/dumps/shop.sql.gz")),
                    Optional.of(Path.of("/srv/dumps")),
                    Optional.of(StandardCharsets.ISO_8859_1),
                    Optional.of(Schedule.parse("0 3 * * *")),
                    List.of(Path.of("/srv/hooks/mask.sql"), Path.of("/srv/hooks/more.sql")),
                    Duration.ofHours(2)),
                new CopiesSpec.Storage(Path.of("/srv/volume"), true, 5L << 30, 3L << 40, 2L << 30),
                new CopiesSpec.Allowance(
                    Duration.ofHours(8), Duration.ofDays(2), Duration.ofMinutes(30), 50, 5, 3),
                new CopiesSpec.Service(
                    CopiesSpec.Isolation.SERVER,
                    "docker",
                    "postgres:15",
                    Path.of("/run/docker.sock"),
                    "10.0.0.1",
                    "db.example.org",
                    30_000,
                    30_999,
                    300_000)));
  }

  @Test
  @DisplayName("what nobody wrote has its default, and is reachable from this host alone")
  void defaults() {
    CopiesSpec least =
        valid(parse("copies: {shop: {volume: /srv/volume}}"))
            .of(Templates.class)
            .named()
            .getFirst();
    assertThat(least.mode()).isEqualTo(Mode.OBSERVE);
    assertThat(least.database().engine()).isEqualTo("mariadb");
    assertThat(least.allowance())
        .isEqualTo(
            new CopiesSpec.Allowance(
                Duration.ofDays(1), Duration.ZERO, Duration.ZERO, 100, 100, 0));
    assertThat(least.storage().reserveBytes()).isEqualTo(1L << 30);
    assertThat(least.storage().uploadBytes()).isEqualTo(100L << 30);
    assertThat(least.storage().quotaBytes()).isZero();
    assertThat(least.service().listen()).isEqualTo("127.0.0.1");
    assertThat(least.service().host()).isEqualTo("127.0.0.1");
    assertThat(least.service().firstUid()).isEqualTo(200_000);
  }

  @ParameterizedTest(name = "{0} -> {1}")
  @DisplayName("one part of the good template spoilt: exactly one line")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      maxCharsPerColumn = 1_000,
      textBlock =
          """
          shop: | Shop: | 2: copies.Shop: is not a name; use 1 to 63 of a-z 0-9 . _ - and begin with a letter or digit
          mode: manage | mode: run | 3: copies.shop.mode: 'run' is not known; write one of observe, propose, manage
          engine: postgres | engine: PostgreSQL | 4: copies.shop.engine: 'PostgreSQL' is not a name; use 1 to 63 of a-z 0-9 . _ - and begin with a letter or digit
          version: 15 | version: 15beta | 5: copies.shop.version: '15beta' is not a version; write for example 18 or 10.11
          server: /usr | server: usr | 6: copies.shop.server: 'usr/lib/postgresql/15/bin' is not an absolute path; write one that begins with /
          database: shop | database: "a b" | 7: copies.shop.database: 'a b' is not a role name; use 1 to 63 of a-z 0-9 _ $ and begin with a letter or _
          user: owner | user: "o'r" | 8: copies.shop.user: 'o'r' is not a role name; use 1 to 63 of a-z 0-9 _ $ and begin with a letter or _
          {secret: "env:ORDERS"} | hunter2 | 9: copies.shop.password: holds a value, not a reference; write secret: env:NAME or secret: file:PATH below it
          socket: /run/docker.sock | socket: docker.sock | 28: copies.shop.socket: 'docker.sock' is not an absolute path; write one that begins with /
          memory: 128 | memory: 4 | 10: copies.shop.memory: 4 is out of range; write a number from 8 to 65536
          dump: /srv | dump: srv | 11: copies.shop.dump: 'srv/dumps/shop.sql.gz' is not an absolute path; write one that begins with /
          dumps: /srv/dumps | dumps: dumps | 12: copies.shop.dumps: 'dumps' is not an absolute path; write one that begins with /
          charset: iso-8859-1 | charset: klingon | 13: copies.shop.charset: 'klingon' is not a charset; write for example utf-8 or iso-8859-1
          "0 3 * * *" | "0 25 * * *" | 14: copies.shop.schedule: is no schedule: hour '25': write *, or numbers from 0 to 23 with commas, ranges a-b and steps /n; write minute hour day month weekday
          "0 3 * * *" | daily | 14: copies.shop.schedule: is no schedule: 'daily' has 1 fields; write five, for example 0 3 * * *; write minute hour day month weekday
          sql: /srv/hooks/mask.sql | sql: mask.sql | 15: copies.shop.hooks[#1].sql: 'mask.sql' is not an absolute path; write one that begins with /
          sql: /srv/hooks/mask.sql | sql: /srv/hooks/mask.sql, exec: /bin/sh | 15: copies.shop.hooks[#1].exec: unknown key; known keys here: sql
          import-limit: 2h | import-limit: 169h | 16: copies.shop.import-limit: 169h is out of range; write a duration from 1s to 168h
          volume: /srv/volume | volume: srv | 17: copies.shop.volume: 'srv' is not an absolute path; write one that begins with /
          links: true | links: yes | 18: copies.shop.links: 'yes' is neither true nor false; write true or false
          ttl: 8h | ttl: 8 | 20: copies.shop.ttl: '8' is not a duration; write a number with its unit, for example 200ms, 1.5s or 2m
          copies: 50 | copies: 0 | 23: copies.shop.copies: 0 is out of range; write a number from 1 to 10000
          per-owner: 5 | per-owner: many | 24: copies.shop.per-owner: 'many' is not a whole number; write one from 1 to 10000
          spares: 3 | spares: -1 | 25: copies.shop.spares: '-1' is not a whole number; write one from 0 to 1000
          image: postgres:15 | image: "a b" | 27: copies.shop.image: 'a b' is not an image; write name:tag as docker takes it
          listen: 10.0.0.1 | listen: db.example.org | 29: copies.shop.listen: 'db.example.org' is not an IP address; write for example 127.0.0.1 or 10.0.0.5
          host: db.example.org | host: "-x" | 30: copies.shop.host: '-x' is not a host; write a host name or an IP address
          runtime: docker | runtime: podman | 26: copies.shop.runtime: 'podman' is not known; write process or docker
          first-port: 30000 | first-port: 80 | 31: copies.shop.first-port: 80 is out of range; write a number from 1024 to 65535
          last-port: 30999 | last-port: 29999 | 32: copies.shop.last-port: is lower than first-port; write the higher one here
          first-uid: 300000 | first-uid: 0 | 33: copies.shop.first-uid: 0 is out of range; write a number from 1000 to 900000000
          quota: 2GiB | quota: 63MiB | 35: copies.shop.quota: 63MiB is too little for a server; write at least 64MiB, or leave it out
          upload-limit: 3TiB | upload-limit: 3 | 34: copies.shop.upload-limit: '3' is not an amount of bytes; write for example 512MiB or 20GiB
          spares: 3 | spare: 3 | 25: copies.shop.spare: unknown key; did you mean spares?
          """)
  void spoilt(String part, String instead, String line) {
    assertThat(GOOD).contains(part);
    String text = GOOD.replaceFirst(Pattern.quote(part), Matcher.quoteReplacement(instead));
    assertThat(lines(parse(text))).containsExactly("cotidal.yaml:" + line);
  }

  @Test
  @DisplayName("what is missing is named: a volume, an image for docker")
  void missing() {
    assertThat(lines(parse("copies:\n  shop: {runtime: docker}")))
        .containsExactly(
            "cotidal.yaml:2: copies.shop.volume: is missing; write the absolute path of a folder, best on btrfs or XFS",
            "cotidal.yaml:2: copies.shop.image: is missing; write the image that serves the data");
  }

  @Test
  @DisplayName("a template of a cluster: which one, and which replica of it")
  void from() {
    CopiesSpec spec =
        valid(
                parse(
                    "copies: {shop: {volume: /srv/v, engine: postgres, from: postgres/orders,"
                        + " from-member: b}}"))
            .of(Templates.class)
            .named()
            .getFirst();
    assertThat(spec.template().from())
        .contains(
            new CopiesSpec.From(
                new ResourceId("postgres", "orders"), Optional.of(new MemberId("b"))));
  }

  @Test
  @DisplayName("a template of an archive: its repositories, and what must be so in the data")
  void archive() {
    CopiesSpec spec =
        valid(
                parse(
                    "copies: {then: {volume: /srv/v, engine: postgres, database: shop,"
                        + " from-archive: {folder: /srv/a, second: {folder: /mnt/a}},"
                        + " checks: [{query: SELECT 1, answer: '1'},"
                        + " {database: postgres, query: SELECT 2, answer: '2'}]}}"))
            .of(Templates.class)
            .named()
            .getFirst();
    assertThat(spec.template().archive()).containsExactly(Path.of("/srv/a"), Path.of("/mnt/a"));
    assertThat(spec.template().checks())
        .containsExactly(
            new CopiesSpec.Check("shop", "SELECT 1", "1"),
            new CopiesSpec.Check("postgres", "SELECT 2", "2"));
  }

  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      maxCharsPerColumn = 1_000,
      textBlock =
          """
          engine: postgres, from-archive: {folder: /a}, schedule: "0 3 * * *" | schedule: does not go with from-archive, of which somebody asks for a time; remove schedule or remove from-archive
          engine: postgres, from-archive: {folder: /a}, from: postgres/orders | from: does not go with from-archive, of which somebody asks for a time; remove from or remove from-archive
          engine: postgres, from-archive: {folder: /a, second: {folder: /a}} | from-archive.second: is the first one again; name another repository, or remove it
          from-archive: {folder: /a} | from-archive: is of a PostgreSQL cluster; write engine: postgres
          engine: postgres, checks: [{query: SELECT 1, answer: '1'}] | checks: are of a cluster's data; write from or from-archive, or remove checks
          engine: postgres, from-archive: {folder: a} | from-archive.folder: 'a' is not an absolute path; write one that begins with /
          """)
  void archiveSpoilt(String keys, String line) {
    assertThat(lines(parse("copies: {shop: {volume: /srv/v, " + keys + "}}")))
        .containsExactly("cotidal.yaml:1: copies.shop." + line);
  }

  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      maxCharsPerColumn = 1_000,
      textBlock =
          """
          engine: postgres, from: postgres/orders, dump: /srv/d.sql | dump: is of dumps, and from names a cluster; remove dump or remove from
          from: postgres/orders | from: is a PostgreSQL cluster; write engine: postgres
          engine: postgres, from: orders | from: 'orders' is not a cluster; write for example postgres/orders
          engine: postgres, from: copies/shop | from: 'copies/shop' is not a cluster; write for example postgres/orders
          engine: postgres, from-member: b | from-member: needs from; write from: postgres/NAME or remove it
          """)
  void fromSpoilt(String keys, String line) {
    assertThat(lines(parse("copies: {shop: {volume: /srv/v, " + keys + "}}")))
        .containsExactly("cotidal.yaml:1: copies.shop." + line);
  }

  @ParameterizedTest(name = "{0} -> {1}")
  @DisplayName("copies that are databases of one server: what does not go with that is named")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      maxCharsPerColumn = 1_000,
      textBlock =
          """
          engine: mariadb | works with PostgreSQL alone; write engine: postgres, or isolation: server
          engine: postgres, version: 17 | needs PostgreSQL 18 or newer; write version: 18, or isolation: server
          engine: postgres, version: "17.4" | needs PostgreSQL 18 or newer; write version: 18, or isolation: server
          engine: postgres, runtime: docker, image: postgres | does not work in containers; write runtime: process, or isolation: server
          engine: postgres, quota: 1GiB | has no quota for each copy: they share the files of one server; leave quota out
          engine: postgres, spares: 1 | has no spares: a database cannot be paused; leave spares out
          engine: postgres, links: true | has no folder for each copy that a link could lead to; leave links out
          """)
  void shared(String more, String line) {
    String text =
        "copies:\n  shop:\n    isolation: database\n    volume: /srv/volume\n    "
            + more.replace(", ", "\n    ")
            + "\n";
    assertThat(lines(parse(text)))
        .containsExactly("cotidal.yaml:3: copies.shop.isolation: database " + line);
  }

  @Test
  @DisplayName("PostgreSQL 18, or the newest, may keep copies in one server")
  void databases() {
    for (String version : List.of("", ", version: 18", ", version: '18.6'")) {
      String text =
          "copies: {shop: {engine: postgres, isolation: database, volume: /srv%s}}"
              .formatted(version);
      assertThat(valid(parse(text)).of(Templates.class).named().getFirst().service().isolation())
          .isEqualTo(CopiesSpec.Isolation.DATABASE);
    }
  }
}
