package io.cotidal.remote.http.kept;

import io.cotidal.remote.http.kept.CallFailed.Why;
import java.io.IOException;
import java.io.InputStream;
import java.util.OptionalLong;

/**
 * An answer whose head has come. It holds its connection until its body was read to the end or it
 * is closed; always close it. One thread at a time.
 */
public final class Answer implements AutoCloseable {
  private final Head head;
  private final OptionalLong length;
  private final boolean early;
  private final AnswerBody body;

  Answer(Head head, boolean early, AnswerBody body) throws NotHttp {
    this.head = head;
    this.early = early;
    this.body = body;
    this.length = Framing.length(head);
  }

  /** From 200 to 599. */
  public int status() {
    return head.status();
  }

  /** The words after the status; perhaps none. */
  public String reason() {
    return head.reason();
  }

  /** The lines of its head, as they came. */
  public Headers headers() {
    return head.headers();
  }

  /** The length that it names; of an answer to HEAD, that of what was not sent. */
  public OptionalLong length() {
    return length;
  }

  /** Whether it came before the whole request was sent: the rest was not. */
  public boolean early() {
    return early;
  }

  /**
   * The body as it comes; empty if there is none. What breaks in the middle throws {@link
   * BodyBroken} and never ends quietly, unless the server framed it by closing only.
   */
  public InputStream body() {
    return body;
  }

  /**
   * The whole body.
   *
   * @param most so many bytes are taken at most
   * @throws BodyBroken if it breaks, or is longer
   */
  public byte[] bytes(int most) throws BodyBroken {
    try (body) {
      byte[] all = body.readNBytes(most);
      if (all.length == most && body.read() >= 0) {
        throw new BodyBroken(
            Why.NO_HTTP, "the answer is longer than " + most + " bytes: it is refused", null);
      }
      return all;
    } catch (BodyBroken e) {
      throw e;
    } catch (IOException e) {
      throw new BodyBroken(Why.BROKEN, "the answer cannot be read", e);
    }
  }

  /** Gives the connection back; what of the body was not read may cost it. */
  @Override
  public void close() {
    body.close();
  }

  /** Its status. */
  @Override
  public String toString() {
    return Integer.toString(status());
  }
}
