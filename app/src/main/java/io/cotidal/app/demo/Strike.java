package io.cotidal.app.demo;

/** What is done to the primary. */
public enum Strike {
  /** It is asked to change places with a replica. */
  SWITCHOVER("switchover"),
  /** All its processes are killed. */
  CRASH("failover"),
  /** All its processes are stopped where they are. */
  FREEZE("failover");

  private final String operation;

  Strike(String operation) {
    this.operation = operation;
  }

  /** The type of the operation that is to answer it. */
  String operation() {
    return operation;
  }
}
