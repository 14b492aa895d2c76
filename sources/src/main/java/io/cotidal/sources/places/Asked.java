package io.cotidal.sources.places;

import io.cotidal.remote.Deadline;
import io.cotidal.remote.http.Guard;
import io.cotidal.remote.http.GuardedHttp;
import io.cotidal.remote.http.Http;
import io.cotidal.remote.http.HttpTrouble;
import io.cotidal.remote.http.Question;
import io.cotidal.remote.http.Reply;
import io.cotidal.sources.roll.NoAnswer;
import io.cotidal.sources.roll.Words;
import io.cotidal.sources.spec.WebServer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * A server that is asked, and whose answer counts only if its status is 200.
 *
 * @param http the way to it
 * @param timeout for an answer to which nobody waits
 */
record Asked(Http http, Duration timeout) {
  /** One that may not be on the link. */
  static Asked server(WebServer server, Duration timeout) {
    return new Asked(
        new GuardedHttp(server.address(), new Guard(false, server.authorities())), timeout);
  }

  /**
   * The answer's text.
   *
   * @throws NoAnswer if there is none, or with another status
   */
  String text(Question question) throws NoAnswer {
    return text(reply(question, Duration.ZERO));
  }

  /**
   * The answer.
   *
   * @param wait how much later than usual it may come
   * @throws NoAnswer if there is none, or with another status
   */
  Reply reply(Question question, Duration wait) throws NoAnswer {
    Reply reply;
    try {
      reply = http.get(question, Deadline.in(timeout.plus(wait)));
    } catch (HttpTrouble e) {
      throw new NoAnswer(e.getMessage(), e);
    }
    if (reply.status() == 200) {
      return reply;
    }
    throw new NoAnswer("it answers " + reply.status() + " " + begin(reply) + remedy(reply));
  }

  static String text(Reply reply) throws NoAnswer {
    try {
      return reply.text();
    } catch (HttpTrouble e) {
      throw new NoAnswer(e.getMessage(), e);
    }
  }

  private static String begin(Reply reply) throws NoAnswer {
    String text = text(reply).strip();
    return text.isEmpty() ? "" : Words.quote(text) + " ";
  }

  private static String remedy(Reply reply) {
    return switch (reply.status()) {
      case 301, 302, 303, 307, 308 ->
          "and wants to be asked elsewhere ("
              + Words.quote(reply.header("location").orElse(""))
              + "): redirects are not followed, name that address if it is the right one";
      case 401, 403 -> ": look at the token and its rights";
      case 404 -> ": correct the name, or wait until it is there";
      default -> ": look at its log";
    };
  }

  /** A part of a path or query, encoded. */
  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
