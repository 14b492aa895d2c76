package io.cotidal.directory.observe;

import io.cotidal.directory.graph.Edge;
import io.cotidal.directory.spec.Security;
import io.cotidal.model.MemberId;
import org.jspecify.annotations.Nullable;

/**
 * One replication path, as it stands on one of its ends: a supplier's order to send its changes, or
 * a consumer's order to fetch them.
 *
 * @param name the server's own name for it, unique on that server
 * @param to the member at its other end; null if no member has that host and port
 * @param security null if the server's word for it is not known here
 * @param bindDn as which the server logs in at the other end
 * @param credentials whether the password that it was given is the configured one
 * @param owned whether Cotidal made or adopted it
 * @param enabled whether it sends at all
 * @param initialising whether the consumer is being filled over it now
 * @param status what its last session came to
 * @param words the server's own sentence for that
 * @param end at which end it stands
 */
public record Agreement(
    String name,
    @Nullable MemberId to,
    String host,
    int port,
    @Nullable Security security,
    String bindDn,
    Credentials credentials,
    boolean owned,
    boolean enabled,
    boolean initialising,
    Status status,
    String words,
    End end) {

  /** An end of a path. */
  public enum End {
    /** The server sends what it has. */
    SUPPLIER,
    /** The server fetches what the other has. */
    CONSUMER
  }

  /** That stands on its supplier. */
  public Agreement(
      String name,
      @Nullable MemberId to,
      String host,
      int port,
      @Nullable Security security,
      String bindDn,
      Credentials credentials,
      boolean owned,
      boolean enabled,
      boolean initialising,
      Status status,
      String words) {
    this(
        name,
        to,
        host,
        port,
        security,
        bindDn,
        credentials,
        owned,
        enabled,
        initialising,
        status,
        words,
        End.SUPPLIER);
  }

  /** The path between the server that has this and a member at the other end. */
  public Edge edge(MemberId holder, MemberId other) {
    return end == End.SUPPLIER ? new Edge(holder, other) : new Edge(other, holder);
  }

  /** The member of {@code edge} that is at the other end. */
  public MemberId other(Edge edge) {
    return end == End.SUPPLIER ? edge.to() : edge.from();
  }

  /** The member of {@code edge} that has this. */
  public MemberId holder(Edge edge) {
    return end == End.SUPPLIER ? edge.from() : edge.to();
  }

  /** What the last session of an agreement came to. */
  public enum Status {
    /** It sent what there was. Not a proof that the consumer has it. */
    SUCCEEDED,
    /** A session is under way. */
    SENDING,
    /** None was tried since the server's start. */
    NONE_YET,
    /** The consumer's account or password was refused. */
    CREDENTIALS,
    /** The consumer did not answer. */
    UNREACHABLE,
    /** The consumer's certificate was refused, or it offers no TLS. */
    TLS,
    /** Two members have one replica id. */
    SAME_ID,
    /** The consumer holds another data set, or none. */
    OTHER_DATA,
    /** The supplier cannot go on from where the consumer stands; that may pass. */
    STALLED,
    /** What the consumer lacks is no longer in the supplier's changelog. */
    PURGED,
    /** The consumer is busy with another supplier; that passes. */
    BUSY,
    /** Anything else. */
    FAILED
  }
}
