package io.cotidal.gateway.wire;

import io.cotidal.gateway.door.Answer;
import io.cotidal.gateway.door.Elsewhere;
import io.cotidal.gateway.door.Elsewhere.Next;
import io.cotidal.gateway.door.Elsewhere.Next.Join;
import io.cotidal.gateway.door.Field;
import io.cotidal.gateway.wire.message.AnswerHead;
import io.cotidal.gateway.wire.message.Framing;
import io.cotidal.gateway.wire.message.RequestHead;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks other sites in the place of the own one, whose answer, or whose silence, is held back
 * meanwhile. Used by its loop only.
 */
final class Detour {
  private static final Logger LOG = LoggerFactory.getLogger(Detour.class);

  private final Loop loop;
  private final Exchange exchange;
  private final RequestHead request;
  private final Onward onward;
  private final Elsewhere elsewhere;

  /** Until it is known what is done next. */
  private final Alarm patience = new Alarm();

  private @Nullable AnswerHead held;

  /** What the client is told if the own site has not answered, and nobody else has. */
  private Errand.Failed silence = new Errand.Failed(502, "the site has broken off its answer");

  private @Nullable Errand errand;
  private String asked = "";

  /** What is to be put together, or is. */
  private @Nullable Join join;

  /** Whether the client has been told of it. */
  private boolean joined;

  /** So many bytes of it are still to be asked for. */
  private long missing;

  private boolean begun;
  private boolean over;

  Detour(Loop loop, Exchange exchange, RequestHead request, Onward onward, Elsewhere elsewhere) {
    this.loop = loop;
    this.exchange = exchange;
    this.request = request;
    this.onward = onward;
    this.elsewhere = elsewhere;
  }

  /**
   * The own site has answered.
   *
   * @return whether the client is not told yet
   */
  boolean answered(AnswerHead said) {
    if (begun || !wanted(Optional.of(said.answer()))) {
      return false;
    }
    held = said;
    begun = true;
    ask(Optional.empty());
    return true;
  }

  /**
   * The own site has given no whole answer.
   *
   * @return whether the client is not told yet
   */
  boolean silent(Errand.Failed failed) {
    silence = failed;
    if (begun) {
      // What was held is lost, but others are still asked.
      held = null;
      return !over;
    }
    if (!wanted(Optional.empty())) {
      return false;
    }
    begun = true;
    ask(Optional.empty());
    return true;
  }

  /** Another site has answered. */
  void answered(Errand from, AnswerHead said) {
    if (from != errand || over) {
      return;
    }
    // What ends with its connection might have been cut.
    boolean whole = !(said.framing() instanceof Framing.UntilClose);
    if (whole && takes(said.answer())) {
      taken(from, said);
    } else {
      errand = null;
      from.forget();
      ask(Optional.of(said.answer()));
    }
  }

  private void taken(Errand from, AnswerHead said) {
    Join body = join;
    if (body == null) {
      over = true;
      exchange.tellFrom(
          from,
          new AnswerHead(marked(said.answer()), said.reason(), said.framing(), said.keepAlive()));
      return;
    }
    long left = joined ? missing : body.bytes();
    if (!(said.framing() instanceof Framing.Length length) || length.bytes() > left) {
      errand = null;
      from.breakOff();
      keep();
      return;
    }
    missing = left - length.bytes();
    if (!joined) {
      joined = true;
      exchange.join(from, marked(body.answer()), body.bytes());
    }
  }

  private Answer marked(Answer answer) {
    List<Field> fields = new ArrayList<>(answer.fields());
    fields.add(new Field(Elsewhere.SITE, asked));
    return new Answer(answer.status(), fields);
  }

  /** Whether the client's answer is being put together. */
  boolean joins() {
    return joined && !over;
  }

  /** A piece of it has come. */
  void pieceEnded() {
    errand = null;
    ask(Optional.empty());
  }

  /**
   * Another site has given no whole answer.
   *
   * @return whether the client is not told yet
   */
  boolean failed(Errand from) {
    if (over || joined) {
      return false;
    }
    if (from == errand) {
      errand = null;
      from.breakOff();
      ask(Optional.empty());
    }
    return true;
  }

  private boolean wanted(Optional<Answer> own) {
    try {
      return elsewhere.wanted(own);
    } catch (RuntimeException e) {
      LOG.error("event=elsewhere-failed request={}", onward.id(), e);
      return false;
    }
  }

  private boolean takes(Answer answer) {
    try {
      return elsewhere.takes(answer);
    } catch (RuntimeException e) {
      LOG.error("event=elsewhere-failed request={}", onward.id(), e);
      return false;
    }
  }

  private void ask(Optional<Answer> last) {
    patience.set(loop.now(), loop.patience().answer());
    CompletionStage<Next> stage;
    try {
      stage = elsewhere.next(last);
    } catch (RuntimeException e) {
      LOG.error("event=elsewhere-failed request={}", onward.id(), e);
      keep();
      return;
    }
    var _ = stage.whenComplete((next, failure) -> loop.run(() -> turn(next, failure)));
  }

  private void turn(@Nullable Next next, @Nullable Throwable failure) {
    if (over || exchange.over()) {
      return;
    }
    patience.off();
    if (joined) {
      piece(next);
      return;
    }
    join = null;
    switch (next) {
      case Next.Ask ask -> go(ask);
      case Join body -> {
        join = body;
        go(body.first());
      }
      case Next.Say say -> {
        over = true;
        exchange.say(say.answer(), say.text());
      }
      case Next.Keep _ -> keep();
      case null -> {
        LOG.warn("event=elsewhere-failed request={}", onward.id(), failure);
        keep();
      }
    }
  }

  /** The next piece of a body, or its end. */
  private void piece(@Nullable Next next) {
    if (next instanceof Next.Ask ask && missing > 0) {
      go(ask);
    } else if (next instanceof Next.Keep && missing == 0) {
      over = true;
      exchange.joined();
    } else {
      keep();
    }
  }

  private void go(Next.Ask ask) {
    SitePool pool = loop.peer(ask.site());
    if (pool == null) {
      ask(Optional.empty());
      return;
    }
    Errand next =
        new Errand(loop, pool, exchange, request, onward).patient(loop.patience().queue());
    errand = next;
    asked = ask.site();
    if (joined) {
      exchange.hear(next);
    }
    next.go(pool.upstream().meant(ask.head()), true);
  }

  /** The client is told what the own site has said; or sees that the rest is missing. */
  private void keep() {
    over = true;
    AnswerHead own = held;
    if (own != null && !joined) {
      exchange.tellOwn(own);
    } else {
      exchange.end(silence.status(), silence.why());
    }
  }

  /** Nobody waits for it any more. */
  void breakOff() {
    over = true;
    if (errand != null) {
      errand.breakOff();
    }
  }

  /** Looks at what has waited too long. */
  void tick(long now) {
    if (errand != null) {
      errand.tick(now);
    } else if (!over && patience.rings(now)) {
      keep();
    }
  }
}
