package io.cotidal.objects.swift;

import io.cotidal.model.MemberId;
import io.cotidal.objects.swift.SwiftTrouble.Why;
import io.cotidal.remote.http.Words;
import io.cotidal.remote.http.kept.Answer;
import io.cotidal.remote.http.kept.BodyBroken;
import io.cotidal.remote.http.kept.CallFailed;
import io.cotidal.remote.http.kept.Request;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** Says what an answer that is none of those wanted means. */
final class Troubles {
  private static final int MOST_WORDS = 4 * 1024;

  private final MemberId site;

  Troubles(MemberId site) {
    this.site = site;
  }

  SwiftTrouble of(Request request, CallFailed failed) {
    return new SwiftTrouble(why(failed), line(request, failed.getMessage()), failed);
  }

  private static Why why(CallFailed failed) {
    return switch (failed.why()) {
      case UNREACHABLE, LATE, BROKEN -> Why.UNREACHABLE;
      case FULL -> Why.BUSY;
      case NO_HTTP -> Why.BROKEN;
      case SOURCE -> Why.SOURCE;
      case INTERRUPTED -> Why.INTERRUPTED;
    };
  }

  /** Who gives tokens did not answer. */
  SwiftTrouble tokenless(Login login, CallFailed failed) {
    return new SwiftTrouble(why(failed), line(login, String.valueOf(failed.getMessage())), failed);
  }

  /** Who gives tokens gave none in an answer that says it did. */
  SwiftTrouble tokenless(Login login) {
    return new SwiftTrouble(
        Why.BROKEN, line(login, "the answer has none: correct the address"), 0, Optional.empty());
  }

  /**
   * Who gives tokens did not give one. Whatever the status, it says nothing of what was to be asked
   * for with the token: nothing is missing or in conflict at the site.
   */
  SwiftTrouble tokenless(Login login, Answer answer) {
    int status = answer.status();
    Why why =
        switch (why(status)) {
          case REFUSED -> Why.REFUSED;
          case BUSY -> Why.BUSY;
          case UNREACHABLE, MISSING, CONFLICT, REJECTED, BROKEN, SOURCE, INTERRUPTED -> Why.BROKEN;
        };
    String remedy =
        why == Why.REFUSED
            ? login.remedy()
            : why == Why.BUSY
                ? "it may go well later"
                : "nobody gives tokens there; correct the address, with its version";
    Optional<Duration> after = why == Why.BUSY ? after(answer) : Optional.empty();
    String reason = status + " " + Words.line(answer.reason()) + ": " + remedy;
    answer.close();
    return new SwiftTrouble(why, line(login, reason), status, after);
  }

  /** An answer that broke off. */
  SwiftTrouble of(Request request, IOException broken) {
    Why why =
        broken instanceof BodyBroken body
            ? switch (body.why()) {
              case UNREACHABLE, LATE, FULL -> Why.UNREACHABLE;
              case BROKEN, NO_HTTP, SOURCE -> Why.BROKEN;
              case INTERRUPTED -> Why.INTERRUPTED;
            }
            : Why.BROKEN;
    return new SwiftTrouble(why, line(request, Words.line(broken)), broken);
  }

  /** An answer in which something is missing or wrong. */
  SwiftTrouble broken(Request request, String reason) {
    return new SwiftTrouble(
        Why.BROKEN, line(request, reason + ": is it Swift that answers?"), 0, Optional.empty());
  }

  /** The same for what was asked by nobody in particular. */
  SwiftTrouble of(Request request, Answer answer) {
    return of(request, answer, "it lets nobody in without a token");
  }

  /**
   * An answer with a status that was not wanted. Its words are read, and the answer is closed.
   *
   * @param refused what is to be corrected if the site does not let us
   */
  SwiftTrouble of(Request request, Answer answer, String refused) {
    int status = answer.status();
    Why why = why(status);
    String reason = status + " " + Words.line(answer.reason());
    String said =
        switch (why) {
          case REFUSED -> reason + ": " + refused;
          case MISSING -> reason + ": it is not there";
          case CONFLICT -> reason + ": what is there does not let it be done";
          case BUSY -> reason + ": it may go well later";
          case REJECTED -> reason + ": " + words(answer);
          case UNREACHABLE, BROKEN, SOURCE, INTERRUPTED ->
              reason + ": no answer that Swift gives; correct the address";
        };
    Optional<Duration> after = why == Why.BUSY ? after(answer) : Optional.empty();
    String mark =
        answer.headers().first("X-Trans-Id").map(id -> " (" + Words.line(id) + ")").orElse("");
    answer.close();
    return new SwiftTrouble(why, line(request, said + mark), status, after);
  }

  private static Why why(int status) {
    return switch (status) {
      case 401, 403 -> Why.REFUSED;
      case 404, 410 -> Why.MISSING;
      case 409, 412 -> Why.CONFLICT;
      case 408, 429, 498 -> Why.BUSY;
      default -> status >= 500 ? Why.BUSY : status >= 400 ? Why.REJECTED : Why.BROKEN;
    };
  }

  private static Optional<Duration> after(Answer answer) {
    return answer
        .headers()
        .first("Retry-After")
        .filter(text -> text.matches("\\d{1,6}"))
        .map(text -> Duration.ofSeconds(Long.parseLong(text)));
  }

  /** Swift says why in a sentence, in HTML or plain. */
  private static String words(Answer answer) {
    try {
      String text = new String(answer.bytes(MOST_WORDS), StandardCharsets.UTF_8);
      return Words.line(text.replaceAll("<[^>]*>", " ").replaceAll("\\s+", " ").strip());
    } catch (BodyBroken e) {
      return "it does not say why";
    }
  }

  private String line(Login login, String reason) {
    return "site " + site + ": no token from " + login.address() + ": " + reason;
  }

  private String line(Request request, String reason) {
    return "site " + site + ": " + Words.line(request.toString()) + ": " + reason;
  }
}
