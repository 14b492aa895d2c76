package io.cotidal.gateway.wire;

import io.cotidal.gateway.wire.message.Framing;
import io.cotidal.gateway.wire.message.HeadWriter;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/**
 * An answer that is not the site's.
 *
 * @param status of it
 * @param reason a line for the client
 * @param id of the request; empty if none was read
 * @param bodied false for {@code HEAD}: the head alone is sent
 * @param keep whether the client may ask again on this connection
 */
record OwnAnswer(int status, String reason, String id, boolean bodied, boolean keep) {
  private static final int UNAVAILABLE = 503;
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH);

  void write(Link link) {
    byte[] text = (reason + "\n").getBytes(StandardCharsets.UTF_8);
    ByteBuf out = link.buffer(512);
    HeadWriter head =
        new HeadWriter(out)
            .status(status, words(status))
            .field("Date", DATE.format(now()))
            .field("Content-Type", "text/plain; charset=UTF-8")
            .framed(List.of(), new Framing.Length(text.length));
    if (status == UNAVAILABLE) {
      head.field("Retry-After", "1");
    }
    if (!id.isEmpty()) {
      head.field(Onward.ID, id);
    }
    if (!keep) {
      head.field("Connection", "close");
    }
    head.end();
    if (bodied) {
      out.writeBytes(text);
    }
    link.write(out);
  }

  private static ZonedDateTime now() {
    return ZonedDateTime.now(ZoneOffset.UTC);
  }

  /** The words that a status is known by. */
  static String words(int status) {
    return HttpResponseStatus.valueOf(status).reasonPhrase();
  }
}
