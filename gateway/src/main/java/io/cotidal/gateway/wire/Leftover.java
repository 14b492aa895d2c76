package io.cotidal.gateway.wire;

import io.cotidal.gateway.door.Field;
import io.cotidal.gateway.wire.message.AnswerHead;
import java.util.List;

/**
 * The rest of an answer that nobody wants. What has come of it already is dropped; if that was all,
 * the connection can be used again.
 */
final class Leftover implements Hearer {
  private final SitePool pool;
  private final AnswerHead said;
  private boolean ended;

  private Leftover(SitePool pool, AnswerHead said) {
    this.pool = pool;
    this.said = said;
  }

  /** Drops it, soon: whoever says so may be listening to that connection just now. */
  static void drop(Loop loop, SitePool pool, SiteConnection from, AnswerHead said) {
    Leftover leftover = new Leftover(pool, said);
    from.handTo(leftover);
    loop.later(() -> {
      from.advance();
      if (!leftover.ended) {
        leftover.ended = true;
        from.close();
      }
    });
  }

  @Override
  public void siteSpoke() {}

  @Override
  public void siteWritable() {}

  @Override
  public void interim(AnswerHead another) {}

  @Override
  public void answered(AnswerHead another) {}

  @Override
  public boolean takesAnswer() {
    return true;
  }

  @Override
  public void answerBody(Pieces pieces) {
    pieces.drop();
  }

  @Override
  public void flushClient() {}

  @Override
  public void answerEnded(SiteConnection from, List<Field> trailers, boolean clean) {
    ended = true;
    if (clean && said.keepAlive()) {
      pool.give(from);
    } else {
      from.close();
    }
  }

  @Override
  public void broken(SiteConnection from, String why) {
    ended = true;
  }
}
