package io.cotidal.server.http;

import io.cotidal.server.json.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Why a request was refused, for RFC 9457.
 *
 * @param detail what happened, in one sentence
 * @param hint what to do about it; empty if there is nothing to say
 * @param operation the operation in the way, as {@code kind/name#number}; null if none is
 */
public record Problem(Code code, String detail, String hint, @Nullable String operation) {
  /** The media type. */
  public static final String TYPE = "application/problem+json";

  /** The closed set of problems. */
  public enum Code {
    /** The request does not say what it must. */
    BAD_REQUEST(400, "The request is not understood"),
    /** Nobody proved who calls. */
    UNAUTHENTICATED(401, "A token is needed"),
    /** The caller may not do this. */
    FORBIDDEN(403, "Not allowed"),
    /** There is no such thing. */
    NOT_FOUND(404, "Not found"),
    /** There is, but not with this method. */
    METHOD_NOT_ALLOWED(405, "Another method is needed"),
    /** The client took too long to send its request. */
    TIMEOUT(408, "The request took too long"),
    /** Something else is in the way. */
    CONFLICT(409, "Something else is in the way"),
    /** What is to be made is there already. */
    EXISTS(409, "It exists already"),
    /** The body exceeds the limit. */
    TOO_LARGE(413, "The body is too large"),
    /** The body is not JSON. */
    UNSUPPORTED_MEDIA_TYPE(415, "The body must be application/json"),
    /** The key was used for another request. */
    IDEMPOTENCY_MISMATCH(422, "The idempotency key belongs to another request"),
    /** What it needs is not ready. */
    NOT_YET(423, "What it needs is not ready yet"),
    /** There are as many as there may be. */
    LIMIT_REACHED(429, "There are as many as there may be"),
    /** Too many refused requests, or too many streams. */
    TOO_MANY(429, "Too many requests"),
    /** The header section exceeds the limit. */
    HEADER_TOO_LARGE(431, "The header is too large"),
    /** A fault of ours; the log has more. */
    INTERNAL(500, "Something went wrong here"),
    /** Another control plane leads. */
    NOT_LEADING(503, "Another control plane leads"),
    /** The journal did not take it. */
    STORE_FAILED(503, "The store did not take it"),
    /** The daemon is stopping. */
    STOPPING(503, "The daemon is stopping"),
    /** There is no room for what is to be made. */
    NO_ROOM(507, "There is no room for it");

    private final int status;
    private final String title;

    Code(int status, String title) {
      this.status = status;
      this.title = title;
    }

    /** The HTTP status. */
    public int status() {
      return status;
    }

    /** One sentence about every problem of this code. */
    public String title() {
      return title;
    }
  }

  /** A problem without an operation. */
  public static Problem of(Code code, String detail, String hint) {
    return new Problem(code, detail, hint, null);
  }

  /** A problem about which nothing can be advised. */
  public static Problem of(Code code, String detail) {
    return of(code, detail, "");
  }

  /** The answer that carries it. */
  public Answer.Whole answer() {
    return Answer.of(code.status(), TYPE, Json.write(body()));
  }

  /** As an exception, for places that cannot return an answer. */
  public Refusal refusal() {
    return new Refusal(this);
  }

  private ObjectNode body() {
    ObjectNode body = Json.object();
    body.put("type", "https://cotidal.io/problems/" + Json.word(code));
    body.put("title", code.title());
    body.put("status", code.status());
    body.put("detail", detail);
    if (!hint.isEmpty()) {
      body.put("hint", hint);
    }
    if (operation != null) {
      body.put("operation", operation);
    }
    return body;
  }

  /**
   * Carries a problem out of the reading of a request; has no stack trace, since nothing is broken.
   */
  public static final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Problem problem;

    private Refusal(Problem problem) {
      super(problem.detail(), null, false, false);
      this.problem = problem;
    }

    /** The problem. */
    public Problem problem() {
      return problem;
    }
  }
}
