package io.cotidal.postgres.spec;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A program of the operator's that is asked at one place. It reads one JSON object and answers one;
 * only an answer that says {@code "ok": true} in time counts as a yes.
 *
 * @param hook where it is asked
 * @param name unique in the cluster; names its steps
 * @param program absolute
 * @param limit how long it may take; then it is killed with all that it started
 * @param parameters what it is told every time; never a secret
 */
public record Plugin(
    Hook hook, String name, Path program, Duration limit, SortedMap<String, String> parameters) {
  /** Where plug-ins are asked. The words are journalled. */
  public enum Hook {
    /** Looks at a primary from another place before it is replaced, and may say that it lives. */
    POLL,
    /** Ends a primary that cannot be reached, and proves it. */
    STONITH,
    /** Orders those who may succeed; it decides between equals. */
    SELECT,
    /** Leads clients to a new primary. */
    CONNECTION_FAILOVER,
    /** Is told of a new primary. */
    AFTER_FAILOVER,
    /** Starts and stops servers in Cotidal's place. */
    RESTART,
    /** Promotes in Cotidal's place. */
    PROMOTE,
    /** Copies one member over another in Cotidal's place. */
    CLONE,
    /** Tells how far a replica is, beside what its server tells. */
    REPLICATION_STATUS,
    /** Is told of what somebody should look at. */
    ALERT;

    /** Whether a cluster can have one such plug-in only: it does what somebody must do once. */
    public boolean single() {
      return this == RESTART || this == PROMOTE || this == CLONE || this == REPLICATION_STATUS;
    }

    /** As it is written in configuration, journal and question. */
    public String word() {
      return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
  }

  /** Copies the parameters. */
  public Plugin {
    parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
  }
}
