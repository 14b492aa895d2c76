package io.cotidal.postgres.spec;

import io.cotidal.model.MemberId;
import io.cotidal.model.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What stands between clients and members. Its name is unique among proxies and members.
 *
 * <p>Its gate lies on this machine, beside {@link #place}.
 */
public sealed interface Proxy {
  /** Its name. */
  MemberId id();

  /** The path beside which its gate lies. */
  Path place();

  /** Whether it can hold clients back while the primary changes. */
  boolean pauses();

  /** Whether it leads readers to replicas too, and so must know which of them can be used. */
  default boolean reads() {
    return false;
  }

  /** How long it may take to be led to another primary. */
  default Duration patience() {
    return Duration.ofSeconds(2);
  }

  /** The software's name, as operators write it. */
  String software();

  /**
   * Where a console or a control port answers.
   *
   * @param host name or address
   */
  record Console(String host, int port, String user, Secret password) {}

  /**
   * A pgbouncer.
   *
   * @param databases a file of database lines that Cotidal writes and pgbouncer's own configuration
   *     includes
   * @param lines for each database that it offers, further parameters of its line; may be empty
   */
  record PgBouncer(MemberId id, Console console, Path databases, SortedMap<String, String> lines)
      implements Proxy {
    /** Copies the lines. */
    public PgBouncer {
      lines = Collections.unmodifiableSortedMap(new TreeMap<>(lines));
    }

    @Override
    public Path place() {
      return databases;
    }

    @Override
    public boolean pauses() {
      return true;
    }

    @Override
    public String software() {
      return "pgbouncer";
    }
  }

  /**
   * An HAProxy, by its runtime socket.
   *
   * @param socket path of the socket; its level must be {@code admin}
   * @param backend the backend that leads to the primary; its servers have the members' names
   */
  record HaProxy(MemberId id, Path socket, String backend) implements Proxy {
    @Override
    public Path place() {
      return socket;
    }

    @Override
    public boolean pauses() {
      return false;
    }

    @Override
    public String software() {
      return "haproxy";
    }
  }

  /**
   * A Pgpool-II in streaming replication mode, by its control port.
   *
   * @param pcp where its control port answers, and as whom of its {@code pcp.conf}
   * @param place the path beside which its gate lies
   */
  record PgPool(MemberId id, Console pcp, Path place) implements Proxy {
    @Override
    public boolean pauses() {
      return false;
    }

    @Override
    public boolean reads() {
      return true;
    }

    /** It ends its own processes and looks for the primary itself. */
    @Override
    public Duration patience() {
      return Duration.ofSeconds(15);
    }

    @Override
    public String software() {
      return "pgpool";
    }
  }
}
