package io.cotidal.cli.api;

import io.cotidal.cli.terminal.ExitCode;
import io.cotidal.cli.terminal.Failure;
import java.util.ArrayList;
import java.util.List;

/** What the server says when it does not do what it was asked (RFC 9457). */
final class Problem {
  private Problem() {}

  /** The failure that {@code status} and the problem document {@code body} amount to. */
  static Failure of(Server server, int status, Node body, boolean withToken) {
    if (status == 401) {
      return notSignedIn(server, withToken);
    }
    String code = body.text("type").substring(body.text("type").lastIndexOf('/') + 1);
    String what = body.text("detail");
    if (what.isEmpty()) {
      what = body.text("title");
    }
    if (what.isEmpty()) {
      what = server + " answers with status " + status;
    }
    List<String> next = new ArrayList<>();
    if (!body.text("hint").isEmpty()) {
      next.add(withoutStop(body.text("hint")));
    }
    switch (status) {
      case 403 ->
          next.add("ask an administrator for a token with that permission: cot token create");
      case 409 -> {
        if (!body.text("operation").isEmpty()) {
          next.add("see what is in the way: cot op watch " + body.text("operation"));
        }
      }
      case 503 -> {
        if (next.isEmpty()) {
          next.add("cot doctor says what is wrong");
        }
      }
      default -> {
        if (code.isEmpty()) {
          next.add("is that a Cotidal server?");
        }
      }
    }
    return new Failure(exit(status), withoutStop(what), String.join("; ", next));
  }

  /**
   * In this command's own words: the server's are about a header, and after a POST the JDK hides
   * them.
   */
  private static Failure notSignedIn(Server server, boolean withToken) {
    return withToken
        ? new Failure(
            ExitCode.NOT_ALLOWED,
            server + " does not accept the token: it is unknown or has expired",
            "set COT_TOKEN, or write another into ~/.config/cotidal/token")
        : new Failure(
            ExitCode.NOT_ALLOWED,
            server + " asks for a token",
            "set COT_TOKEN, or write a token into ~/.config/cotidal/token (chmod 600)");
  }

  private static ExitCode exit(int status) {
    return switch (status) {
      case 400, 413, 415 -> ExitCode.USAGE;
      case 403 -> ExitCode.NOT_ALLOWED;
      case 404 -> ExitCode.NOT_FOUND;
      case 409, 412, 422, 423 -> ExitCode.CONFLICT;
      default -> ExitCode.FAILED;
    };
  }

  private static String withoutStop(String sentence) {
    return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
  }
}
