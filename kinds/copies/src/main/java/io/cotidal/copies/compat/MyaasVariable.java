package io.cotidal.copies.compat;

import java.util.Optional;

/**
 * Every environment variable of the original, of both its generations. The table in
 * docs/db-replicator.md is this one.
 */
public enum MyaasVariable {
  MYAAS_HOSTNAME(
      Age.NEW, "the name under which copies are reached", "localhost", "`copies.folder.host`"),
  HOST_NAME(Age.OLD, "the same, older", "localhost", "`copies.folder.host`"),
  MYAAS_MYSQL_IMAGE(
      Age.NEW,
      "image of MySQL servers",
      "habitissimo/myaas-mysql:10.1.23",
      "`copies.folder.image` and `runtime: docker`; if not set, servers are plain processes"),
  MYSQL_DOCKER_IMAGE(
      Age.OLD,
      "the same, older",
      "habitissimo/myaas-mysql:10.1",
      "`copies.folder.image` and `runtime: docker`; if not set, servers are plain processes"),
  MYAAS_POSTGRES_IMAGE(
      Age.NEW,
      "image of PostgreSQL servers",
      "postgres:9.4",
      "`copies.folder.image`, with that backend"),
  MYAAS_BACKEND(
      Age.NEW,
      "which engine: myaas.backends.mysql or .postgres",
      "myaas.backends.mysql",
      "`copies.folder.engine`"),
  MYAAS_DB_PASSWORD(
      Age.NEW,
      "the password of every copy",
      "none: each copy has a random one",
      "`copies.folder.password`"),
  MYSQL_ROOT_PASSWORD(
      Age.OLD, "the same, older", "none: each copy has a random one", "`copies.folder.password`"),
  MYAAS_DB_DATABASE(
      Age.NEW, "name of the database in each copy", "default", "`copies.folder.database`"),
  MYSQL_DATABASE(Age.OLD, "the same, older", "default", "`copies.folder.database`"),
  MYAAS_DB_USERNAME(Age.NEW, "who owns it", "myaas", "`copies.folder.user`"),
  MYAAS_BASE_DIR(
      Age.NEW, "the folder of data/ and dumps/", "/myaas", "`copies.folder.volume`, `dumps`"),
  HOPS_DATA_DIR(
      Age.OLD,
      "the folder of data",
      "/opt/hops/db/data",
      "`copies.folder.volume`, the folder above data/"),
  HOPS_DUMP_DIR(Age.OLD, "the folder of dumps", "/opt/hops/db/dumps", "`copies.folder.dumps`"),
  MYAAS_CONTAINER_TTL(
      Age.NEW,
      "seconds that a copy lives; 0 for ever",
      "86400; for ever with the older variables alone",
      "`copies.folder.ttl`"),
  MYAAS_MEMORY_LIMIT(
      Age.NEW, "memory of each copy, as 512m or 2g", "Cotidal's own", "`copies.folder.memory`"),
  MYAAS_DOCKER_HOST(
      Age.NEW, "where Docker listens", "unix://var/run/docker.sock", "`copies.folder.socket`"),
  DOCKER_HOST(
      Age.BOTH,
      "the same, if MYAAS_DOCKER_HOST is not set",
      "unix://var/run/docker.sock",
      "`copies.folder.socket`"),
  MYAAS_PREFIX(Age.NEW, "what names of containers begin with", "myaas-", "the Name in ?all"),
  MYAAS_DEBUG(
      Age.NEW,
      "whether more is logged",
      "False",
      "a line of the log for each request to the original's API"),
  HOPS_TEMP_DIR(
      "the folder of temporary data",
      Age.OLD,
      "imports are made on the volume itself, else they could not be cloned"),
  MYAAS_CPU_PINNING_CORES(
      "processors of each copy",
      Age.NEW,
      "copies are not pinned: idle processors would stand beside a busy copy"),
  MYAAS_CPU_MAP("groups of processors", Age.NEW, "copies are not pinned"),
  SENTRY_DSN(
      "where faults are reported",
      Age.BOTH,
      "nothing is sent to third parties: use events, metrics and the log");

  /** Which generation of the original knew a variable. */
  enum Age {
    OLD,
    NEW,
    BOTH
  }

  private final Age age;
  private final String meaning;
  private final String unset;
  private final String becomes;
  private final Optional<String> lifted;

  MyaasVariable(Age age, String meaning, String unset, String becomes) {
    this.age = age;
    this.meaning = meaning;
    this.unset = unset;
    this.becomes = becomes;
    this.lifted = Optional.empty();
  }

  MyaasVariable(String meaning, Age age, String why) {
    this.age = age;
    this.meaning = meaning;
    this.unset = "";
    this.becomes = "";
    this.lifted = Optional.of(why);
  }

  Age age() {
    return age;
  }

  /** What it means. */
  public String meaning() {
    return meaning;
  }

  /** What holds if it is not set; empty if it has no effect. */
  public String unset() {
    return unset;
  }

  /** What it becomes here; empty if it has no effect. */
  public String becomes() {
    return becomes;
  }

  /** Why it has no effect any more; empty if it has one. */
  public Optional<String> lifted() {
    return lifted;
  }

  /** Whether its value may be shown. */
  public boolean shown() {
    return this != MYAAS_DB_PASSWORD && this != MYSQL_ROOT_PASSWORD && this != SENTRY_DSN;
  }
}
