package io.cotidal.gateway.wire;

import io.cotidal.gateway.door.Peer;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * What a gateway is to be.
 *
 * @param listen where clients reach it; port 0 for any that is free
 * @param site where the site's proxy listens; resolved once, by whoever made it
 * @param limits of what it takes
 * @param patience with clients and with the site
 * @param peers other sites that the doorkeeper may have asked; resolved once, too
 */
public record Settings(
    InetSocketAddress listen,
    InetSocketAddress site,
    Limits limits,
    Patience patience,
    List<Peer> peers) {
  /** Copies the list. */
  public Settings {
    peers = List.copyOf(peers);
  }

  /** With no other sites. */
  public Settings(
      InetSocketAddress listen, InetSocketAddress site, Limits limits, Patience patience) {
    this(listen, site, limits, patience, List.of());
  }

  /** With the usual limits. */
  public static Settings of(InetSocketAddress listen, InetSocketAddress site) {
    return new Settings(listen, site, Limits.USUAL, Patience.USUAL);
  }

  /** With other limits. */
  public Settings with(Limits other) {
    return new Settings(listen, site, other, patience, peers);
  }

  /** With other patience. */
  public Settings with(Patience other) {
    return new Settings(listen, site, limits, other, peers);
  }

  /** With other sites that may be asked. */
  public Settings with(List<Peer> others) {
    return new Settings(listen, site, limits, patience, others);
  }

  /**
   * How much it takes.
   *
   * @param head the most bytes of a head, or of the trailers of a body
   * @param clients connections of clients at a time; one more is answered with 503
   * @param site connections to a site at a time, shared out evenly among the event loops
   * @param waiting requests that wait for one of these at a time, shared out likewise; one more is
   *     answered with 503
   * @param discard the most bytes that are read of a body that nobody wants, so that its sender
   *     sees the answer
   * @param loops event loops, each a thread; 0 for one a core
   */
  public record Limits(int head, int clients, int site, int waiting, long discard, int loops) {
    /** For a proxy of Swift. */
    public static final Limits USUAL = new Limits(131_072, 20_000, 1_024, 4_096, 256L << 20, 0);
  }

  /**
   * How long it waits. All are looked at ten times a second.
   *
   * @param connect for a connection to the site
   * @param queue for one of the connections to the site to become free, for an intention to be
   *     written down, and for the answer of another site
   * @param head for the head of a request, from its first byte or from the connection's begin
   * @param idle for the next request on a connection that a client keeps
   * @param stall for the next byte of a body, and for a reader to take one
   * @param reading for the head of the site's answer to a {@code GET} or {@code HEAD} that brings
   *     no body: one that is later is out of order
   * @param answer for the site's final answer to any other request, once it has the whole of it
   * @param kept for how long a connection to the site is kept unused; shorter than the site's own
   * @param proceed for the site's word on {@code Expect: 100-continue}, before the body is read
   *     without it
   * @param linger for a client to see the last answer and go
   */
  public record Patience(
      Duration connect,
      Duration queue,
      Duration head,
      Duration idle,
      Duration stall,
      Duration reading,
      Duration answer,
      Duration kept,
      Duration proceed,
      Duration linger) {
    /** As patient with a request that only reads as with any other. */
    public Patience(
        Duration connect,
        Duration queue,
        Duration head,
        Duration idle,
        Duration stall,
        Duration answer,
        Duration kept,
        Duration proceed,
        Duration linger) {
      this(connect, queue, head, idle, stall, answer, answer, kept, proceed, linger);
    }

    /** With another patience for requests that only read. */
    public Patience reading(Duration other) {
      return new Patience(connect, queue, head, idle, stall, other, answer, kept, proceed, linger);
    }

    /** For a proxy of Swift. */
    public static final Patience USUAL =
        new Patience(
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofSeconds(75),
            Duration.ofSeconds(60),
            Duration.ofSeconds(300),
            Duration.ofSeconds(20),
            Duration.ofSeconds(5),
            Duration.ofSeconds(5));
  }
}
