package io.cotidal.directory.observe;

import io.cotidal.directory.spec.Security;
import io.cotidal.model.MemberId;
import org.jspecify.annotations.Nullable;

/**
 * A supplier's order to send its changes to one consumer, as it stands on the supplier.
 *
 * @param name the server's own name for it, unique on the supplier
 * @param to the member that it leads to; null if no member has that host and port
 * @param security null if the server's word for it is not known here
 * @param bindDn as which the supplier logs in
 * @param credentials whether the password that it was given is the configured one
 * @param owned whether Cotidal made or adopted it
 * @param enabled whether it sends at all
 * @param initialising whether the consumer is being filled over it now
 * @param status what its last session came to
 * @param words the server's own sentence for that
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
    String words) {

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
