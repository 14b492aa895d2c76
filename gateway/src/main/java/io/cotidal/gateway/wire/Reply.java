package io.cotidal.gateway.wire;

import io.cotidal.gateway.door.Answer;
import io.cotidal.gateway.door.Field;
import io.cotidal.gateway.wire.message.AnswerHead;
import io.cotidal.gateway.wire.message.Framing;
import io.cotidal.gateway.wire.message.HeadWriter;
import io.cotidal.gateway.wire.message.RequestHead;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The answer to one request, as the client gets it. */
final class Reply {
  /** A small body has room behind the head. */
  private static final int HEAD = 4_096;

  private static final int CONTINUE = 100;
  private static final int UNCHANGED = 304;

  private final Link client;
  private final RequestHead request;
  private final Onward onward;
  private Framing framing = new Framing.None();
  private boolean proceeded;
  private boolean told;
  private boolean keep;

  Reply(Link client, RequestHead request, Onward onward) {
    this.client = client;
    this.request = request;
    this.onward = onward;
  }

  /** Whether the head of a final answer was written. */
  boolean told() {
    return told;
  }

  /** Whether the client was told that it may ask again on this connection. */
  boolean keep() {
    return keep;
  }

  /** Whether more of the body may be written now. */
  boolean takes() {
    return told && client.writable();
  }

  /** Passes on an answer that is not the final one, if the client can understand it. */
  void interim(AnswerHead head) {
    int status = head.answer().status();
    boolean proceeds = status == CONTINUE;
    if (proceeds ? !request.expectsContinue() || proceeded : request.minor() == 0) {
      return;
    }
    proceeded |= proceeds;
    ByteBuf out = client.buffer(HEAD);
    new HeadWriter(out).status(status, head.reason()).fields(head.answer().fields()).end();
    client.write(out);
    client.flush();
  }

  /**
   * Writes the head of the final answer.
   *
   * @param last what the client is told
   * @param site what the site has said
   * @param next whether the client may ask again on this connection, if nothing else is against it
   */
  void head(Answer last, AnswerHead site, boolean next) {
    told = true;
    framing = framing(site.framing());
    keep = next && request.keepAlive() && !(framing instanceof Framing.UntilClose);
    boolean same = last.status() == site.answer().status();
    ByteBuf out = client.buffer(HEAD);
    HeadWriter head =
        new HeadWriter(out)
            .status(last.status(), same ? site.reason() : OwnAnswer.words(last.status()));
    List<Field> fields = onward.answer(last.fields());
    if (!(framing instanceof Framing.None)) {
      head.framed(fields, framing);
    } else if (same || request.head().method().equals("HEAD")) {
      // What a body would be like is told where there is none.
      head.fields(fields);
    } else {
      head.framed(fields, new Framing.Length(0));
    }
    if (!keep) {
      head.field("Connection", "close");
    } else if (request.asksToKeep()) {
      head.field("Connection", "keep-alive");
    }
    head.end();
    client.writeFirst(out);
  }

  /** A client of HTTP/1.0 knows no chunks: its answer ends with the connection. */
  private Framing framing(Framing site) {
    return site instanceof Framing.Chunked && request.minor() == 0
        ? new Framing.UntilClose()
        : site;
  }

  void body(Pieces pieces) {
    pieces.write(client, framing instanceof Framing.Chunked);
  }

  /** Ends the body. */
  void end(List<Field> trailers) {
    if (framing instanceof Framing.Chunked) {
      ByteBuf last = client.buffer(HEAD);
      HeadWriter.lastChunk(last, trailers);
      client.write(last);
    }
  }

  /**
   * Writes the head of an answer whose body is put together.
   *
   * @param bytes of the body
   */
  void joined(Answer answer, long bytes, boolean next) {
    Framing all = new Framing.Length(bytes);
    head(answer, new AnswerHead(answer, OwnAnswer.words(answer.status()), all, true), next);
  }

  /** Answers with all that there is. */
  void whole(Answer answer, String text, boolean next) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    boolean bodied = !request.head().method().equals("HEAD") && answer.status() != UNCHANGED;
    Framing all = bodied ? new Framing.Length(bytes.length) : new Framing.None();
    head(answer, new AnswerHead(answer, OwnAnswer.words(answer.status()), all, true), next);
    if (bodied) {
      client.write(client.buffer(bytes.length).writeBytes(bytes));
    }
    client.flush();
  }

  /** Answers in the site's place. */
  void own(int status, String reason, boolean next) {
    boolean bodied = !request.head().method().equals("HEAD");
    new OwnAnswer(status, reason, onward.id(), bodied, next).write(client);
    client.flush();
  }

  void flush() {
    client.flush();
  }
}
