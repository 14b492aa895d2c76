package io.cotidal.bench;

/** A database whose copies are measured. */
enum Engine {
  MARIADB("mariadb", "", 500),
  POSTGRES("postgres", "15", 300),
  /** Its copies are databases of one server. */
  POSTGRES_CLONE("postgres", "18", 1000);

  private final String word;
  private final String version;
  private final long cold;

  Engine(String word, String version, long cold) {
    this.word = word;
    this.version = version;
    this.cold = cold;
  }

  /** As the configuration has it. */
  String word() {
    return word;
  }

  /** As the configuration has it; empty for the newest. */
  String version() {
    return version;
  }

  /** As a line of the measurement has it. */
  String title() {
    return this == POSTGRES_CLONE ? "postgres 18 clone" : word;
  }

  /** Whether copies are databases of one server, which has no spares. */
  boolean shared() {
    return this == POSTGRES_CLONE;
  }

  /** Milliseconds that half of the copies made from nothing must stay within. */
  long cold() {
    return cold;
  }
}
