package io.cotidal.app;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A configuration of each kind, of a resource called {@link #RESOURCE}, for the tests of the
 * documents. A new kind adds its two texts here.
 */
final class KindExamples {
  /** What every resource in them is called. */
  static final String RESOURCE = "example";

  /** A key that no section knows. */
  static final String NOBODY_KNOWS = "qqqqqqqqqqqqqqqqq";

  /** Every section there is, each with the key that nobody knows. */
  private static final String UNKNOWN_EVERYWHERE =
      """
      qqqqqqqqqqqqqqqqq: 1
      metrics: {qqqqqqqqqqqqqqqqq: 1}
      authentication:
        qqqqqqqqqqqqqqqqq: 1
        ldap: {qqqqqqqqqqqqqqqqq: 1, search: {qqqqqqqqqqqqqqqqq: 1}, groups: [{qqqqqqqqqqqqqqqqq: 1}]}
        plugin: {qqqqqqqqqqqqqqqqq: 1}
      """;

  /** Every section of the kind, each with the key that nobody knows, and what leads there. */
  private static final String UNKNOWN_POSTGRES =
      """
      postgres:
        example:
          qqqqqqqqqqqqqqqqq: 1
          defaults: {qqqqqqqqqqqqqqqqq: 1, ssh: {qqqqqqqqqqqqqqqqq: 1}}
          members:
            - {name: a, data: /srv/a, bin: /usr/bin, qqqqqqqqqqqqqqqqq: 1, addresses: {qqqqqqqqqqqqqqqqq: 1}, ssh: {qqqqqqqqqqqqqqqqq: 1}}
          superuser: {qqqqqqqqqqqqqqqqq: 1, password: {secret: "env:PW"}}
          replication: {qqqqqqqqqqqqqqqqq: 1, password: {secret: "env:PW"}}
          failover: {qqqqqqqqqqqqqqqqq: 1}
          plugins: [{qqqqqqqqqqqqqqqqq: 1}]
          slots: {qqqqqqqqqqqqqqqqq: 1}
          rehearsal: {qqqqqqqqqqqqqqqqq: 1}
          disk: {qqqqqqqqqqqqqqqqq: 1}
          losses: {qqqqqqqqqqqqqqqqq: 1}
          clone: {qqqqqqqqqqqqqqqqq: 1}
          archive:
            qqqqqqqqqqqqqqqqq: 1
            pgbackrest: {qqqqqqqqqqqqqqqqq: 1}
            commands: {qqqqqqqqqqqqqqqqq: 1}
            second: {qqqqqqqqqqqqqqqqq: 1}
            backups: {qqqqqqqqqqqqqqqqq: 1}
          restore: {qqqqqqqqqqqqqqqqq: 1, second: {qqqqqqqqqqqqqqqqq: 1}, checks: [{qqqqqqqqqqqqqqqqq: 1}]}
          alerts:
            - qqqqqqqqqqqqqqqqq: 1
              webhook: {qqqqqqqqqqqqqqqqq: 1}
              mail: {qqqqqqqqqqqqqqqqq: 1}
          proxies:
            - qqqqqqqqqqqqqqqqq: 1
              pgbouncer: {qqqqqqqqqqqqqqqqq: 1}
              haproxy: {qqqqqqqqqqqqqqqqq: 1}
              pgpool: {qqqqqqqqqqqqqqqqq: 1}
      compat:
        qqqqqqqqqqqqqqqqq: 1
        handyrep: {qqqqqqqqqqqqqqqqq: 1}
      """;

  /** The least that is accepted: everything else is a default. */
  private static final String LEAST_POSTGRES =
      """
      postgres:
        example:
          members: [{name: a, data: /srv/a, bin: /usr/bin}, {name: b, port: 5433, data: /srv/b, bin: /usr/bin}]
          superuser: {password: {secret: "env:PW"}}
          replication: {password: {secret: "env:PW"}}
      """;

  private static final String UNKNOWN_COPIES =
      """
      copies:
        example:
          volume: /srv/volume
          hooks: [{sql: /srv/mask.sql, qqqqqqqqqqqqqqqqq: 1}]
          engine: postgres
          from-archive: {folder: /srv/archive, second: {folder: /mnt/archive, qqqqqqqqqqqqqqqqq: 1}, qqqqqqqqqqqqqqqqq: 1}
          checks: [{query: SELECT 1, answer: "1", qqqqqqqqqqqqqqqqq: 1}]
          qqqqqqqqqqqqqqqqq: 1
        compat: {qqqqqqqqqqqqqqqqq: 1}
      """;

  private static final String LEAST_COPIES =
      """
      copies:
        example: {volume: /srv/volume}
      """;

  private static final String UNKNOWN_DIRECTORY =
      """
      directory:
        example:
          qqqqqqqqqqqqqqqqq: 1
          members: [{host: a, qqqqqqqqqqqqqqqqq: 1}]
          access: {qqqqqqqqqqqqqqqqq: 1, password: {secret: "env:PW"}}
          replication: {qqqqqqqqqqqqqqqqq: 1, password: {secret: "env:PW"}}
          guards: {qqqqqqqqqqqqqqqqq: 1}
          source:
            qqqqqqqqqqqqqqqqq: 1
            file: {qqqqqqqqqqqqqqqqq: 1}
            http: {qqqqqqqqqqqqqqqqq: 1}
            dns: {qqqqqqqqqqqqqqqqq: 1}
            rancher: {qqqqqqqqqqqqqqqqq: 1}
            consul: {qqqqqqqqqqqqqqqqq: 1}
            docker: {qqqqqqqqqqqqqqqqq: 1}
            kubernetes: {qqqqqqqqqqqqqqqqq: 1}
      """;

  private static final String LEAST_DIRECTORY =
      """
      directory:
        example:
          suffix: dc=example,dc=org
          members: [{host: a}, {host: b}]
          access: {password: {secret: "env:PW"}}
          replication: {password: {secret: "env:PW"}}
      """;

  private static final String UNKNOWN_FEEDS =
      """
      feeds:
        example:
          qqqqqqqqqqqqqqqqq: 1
          repository: {hg: /srv/state, qqqqqqqqqqqqqqqqq: 1}
          filters: {qqqqqqqqqqqqqqqqq: 1}
          skip: {qqqqqqqqqqqqqqqqq: 1}
          transfer: {qqqqqqqqqqqqqqqqq: 1, relay: {qqqqqqqqqqqqqqqqq: 1}}
          database: {qqqqqqqqqqqqqqqqq: 1}
          geoserver: [{qqqqqqqqqqqqqqqqq: 1, password: {secret: "env:PW"}}]
          status: {qqqqqqqqqqqqqqqqq: 1}
      """;

  private static final String LEAST_FEEDS =
      """
      feeds:
        example:
          repository: {hg: /srv/state}
          transfer: {relay: {host: portal, folder: /srv/cache}}
          database: {}
          geoserver: [{password: {secret: "env:PW"}}]
          status: {host: master}
      """;

  private static final String UNKNOWN_OBJECTS =
      """
      objects:
        example:
          qqqqqqqqqqqqqqqqq: 1
          folder: /srv/objects
          accounts: [AUTH_test]
          realm: {qqqqqqqqqqqqqqqqq: 1, key: {secret: "env:PW"}}
          sites:
            - {name: a, qqqqqqqqqqqqqqqqq: 1, gateway: {qqqqqqqqqqqqqqqqq: 1}, tempauth: {qqqqqqqqqqqqqqqqq: 1, key: {secret: "env:PW"}}}
            - {name: b, keystone: {qqqqqqqqqqqqqqqqq: 1, password: {secret: "env:PW"}}}
          placement: [{qqqqqqqqqqqqqqqqq: 1, header: {qqqqqqqqqqqqqqqqq: 1}}]
          pace: {qqqqqqqqqqqqqqqqq: 1}
          care: {qqqqqqqqqqqqqqqqq: 1}
      """;

  private static final String LEAST_OBJECTS =
      """
      objects:
        example:
          folder: /srv/objects
          accounts: [AUTH_test]
          realm: {name: OFFICE, key: {secret: "env:PW"}}
          sites:
            - name: a
              url: http://a/v1
              tempauth: {auth: "http://a/auth/v1.0", user: "admin:admin", key: {secret: "env:PW"}}
              gateway: {listen: 127.0.0.1:8080, folder: /srv/gateway}
            - name: b
              url: http://b/v1
              keystone: {auth: "http://k/v3", user: cotidal, project: service, password: {secret: "env:PW"}}
          placement: [{header: {name: X-Container-Meta-Region}, sites: [a]}]
      """;

  private KindExamples() {}

  /**
   * Every section there is, each with the key that nobody knows: what the kinds share, then a text
   * a kind. One file tells only so many faults.
   */
  static List<String> unknownEverywhere() {
    return List.of(
        UNKNOWN_EVERYWHERE,
        UNKNOWN_POSTGRES,
        UNKNOWN_COPIES,
        UNKNOWN_DIRECTORY,
        UNKNOWN_FEEDS,
        UNKNOWN_OBJECTS);
  }

  /** The least of every kind. */
  static String least() {
    return join(LEAST_POSTGRES, LEAST_COPIES, LEAST_DIRECTORY, LEAST_FEEDS, LEAST_OBJECTS);
  }

  private static String join(String... texts) {
    return Stream.of(texts).collect(Collectors.joining());
  }
}
