package io.cotidal.gateway.wire;

import io.cotidal.gateway.door.Head;
import io.cotidal.gateway.wire.message.Framing;
import io.cotidal.gateway.wire.message.HeadWriter;
import io.cotidal.gateway.wire.message.RequestHead;
import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One request as the site gets it. */
final class Dispatch {
  private static final int HEAD = 1_024;

  private final RequestHead request;
  private final Onward onward;
  private @Nullable SiteConnection site;
  private boolean waits;
  private boolean bodySent;
  private boolean whole;
  private boolean heard;

  Dispatch(RequestHead request, Onward onward) {
    this.request = request;
    this.onward = onward;
  }

  /** The connection that it goes by; null if it has none. */
  @Nullable SiteConnection site() {
    return site;
  }

  /** Whether the site has all of it. */
  boolean whole() {
    return whole;
  }

  /** Whether the body waits for the site's word. */
  boolean waits() {
    return waits;
  }

  /** The body need not wait any more. */
  void proceed() {
    waits = false;
  }

  /** The site has said something. */
  void hear() {
    heard = true;
  }

  /**
   * Whether it may go out again: the site has said nothing of it, and it changes nothing, or cannot
   * have been done for want of a body.
   */
  boolean repeatable() {
    return !heard && !bodySent && (request.safe() || request.expectsContinue());
  }

  /**
   * Sends the head.
   *
   * @param head what the site may see of it
   * @param asker gets the answer
   */
  void begin(SiteConnection connection, Head head, Hearer asker) {
    site = connection;
    ByteBuf out = connection.link().buffer(HEAD);
    onward.request(out, head, request.framing());
    connection.begin(asker, request.head().method());
    connection.link().write(out);
    connection.link().flush();
    whole = request.framing().empty();
    waits = !whole && request.expectsContinue();
  }

  /** Whether more of the body may be sent now. */
  boolean takes() {
    SiteConnection to = site;
    return to != null && !waits && to.link().writable();
  }

  /** Sends what has come of the body. */
  void body(Pieces pieces, boolean last) {
    SiteConnection to = site;
    if (to == null) {
      pieces.drop();
      return;
    }
    boolean chunked = request.framing() instanceof Framing.Chunked;
    bodySent = true;
    pieces.write(to.link(), chunked);
    if (chunked && last) {
      // Trailers are dropped: nobody has judged them.
      ByteBuf end = to.link().buffer(HEAD);
      HeadWriter.lastChunk(end, List.of());
      to.link().write(end);
    }
    whole = last;
  }

  void flush() {
    if (site != null) {
      site.link().flush();
    }
  }

  /** It has no connection any more, and it is somebody else's what becomes of that. */
  void leave() {
    site = null;
  }

  /** Closes its connection: the site must not take what it has for the whole. */
  void breakOff() {
    SiteConnection from = site;
    site = null;
    if (from != null) {
      from.close();
    }
  }
}
