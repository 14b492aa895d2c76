package io.cotidal.cli.myaas;

import io.cotidal.cli.api.Json;
import io.cotidal.cli.api.Node;
import io.cotidal.cli.terminal.ExitCode;
import io.cotidal.cli.terminal.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpRetryException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.core.JacksonException;

/** The original's HTTP API. Every call has a deadline; not thread-safe. */
public final class OriginalApi {
  private static final int CONNECT_MILLIS = 3_000;
  private static final int READ_MILLIS = 30_000;

  /** A copy may wait for its turn; only its end is answered. */
  private static final int CREATE_MILLIS = 600_000;

  private static final int LARGEST_ANSWER = 16 << 20;
  private static final String GONE = "Could not connect to API endpoint, maybe the service is down";

  private final Original original;
  private final Json json = new Json();

  /** An API at {@code original}. */
  public OriginalApi(Original original) {
    this.original = original;
  }

  /**
   * An answer of a status that was expected.
   *
   * @param body {@link Node#NONE} if it has none
   */
  public record Answer(int status, Node body) {}

  /** How JSON is written here. */
  public Json json() {
    return json;
  }

  /** The path of one copy. */
  public static String copy(String template, String name) {
    return "/db/" + encoded(template) + "/" + encoded(name);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /**
   * Reads {@code path}.
   *
   * @throws Failure in the words of the original's client, with its exit code 1
   */
  public Node get(String path) {
    return call("GET", path, List.of(200)).body();
  }

  /** Makes the copy at {@code path}; 201 if it was made, 304 if it was there. */
  public Answer post(String path) {
    return call("POST", path, List.of(201, 304));
  }

  /** Removes the copy at {@code path}. */
  public void delete(String path) {
    Answer _ = call("DELETE", path, List.of(204, 304));
  }

  private Answer call(String method, String path, List<Integer> expected) {
    try {
      HttpURLConnection connection = open(method, path);
      int status = connection.getResponseCode();
      byte[] bytes;
      try (InputStream stream =
          status >= 400 ? connection.getErrorStream() : connection.getInputStream()) {
        bytes = stream == null ? new byte[0] : stream.readNBytes(LARGEST_ANSWER);
      }
      if (status == 404) {
        throw new Failure(ExitCode.FAILED, "Database not found", reason(bytes));
      }
      if (status == 401) {
        throw signedOut();
      }
      if (!expected.contains(status)) {
        throw new Failure(
            ExitCode.FAILED, "An error happened", "status " + status + ", " + reason(bytes));
      }
      return new Answer(status, bytes.length == 0 ? Node.NONE : json.read(bytes));
    } catch (HttpRetryException e) {
      // The JDK's way to say 401 to a request whose body it has not kept.
      throw signedOut();
    } catch (JacksonException e) {
      throw new Failure(
          ExitCode.FAILED, "An error happened", original.server() + " does not answer in JSON");
    } catch (IOException e) {
      throw new Failure(
          ExitCode.FAILED, GONE, original.server() + ": " + String.valueOf(e.getMessage()));
    }
  }

  private Failure signedOut() {
    return new Failure(
        ExitCode.FAILED,
        "An error happened",
        "status 401, "
            + original.server()
            + " wants a token: write DB_URL as http://any:TOKEN@HOST:PORT");
  }

  private HttpURLConnection open(String method, String path) throws IOException {
    URI address = URI.create(original.server().address() + path);
    HttpURLConnection connection =
        (HttpURLConnection) address.toURL().openConnection(Proxy.NO_PROXY);
    connection.setRequestMethod(method);
    connection.setConnectTimeout(CONNECT_MILLIS);
    connection.setReadTimeout(method.equals("GET") ? READ_MILLIS : CREATE_MILLIS);
    connection.setInstanceFollowRedirects(false);
    connection.setUseCaches(false);
    connection.setRequestProperty("Accept", "text/plain, application/json");
    original.basic().ifPresent(it -> connection.setRequestProperty("Authorization", it.reveal()));
    if (method.equals("POST")) {
      connection.setDoOutput(true);
      // A fixed length also keeps the JDK from sending a lost POST a second time by itself.
      connection.setFixedLengthStreamingMode(0);
    }
    return connection;
  }

  /** What the server says of it, whoever the server is: the original, Cotidal, or neither. */
  private String reason(byte[] bytes) {
    try {
      Node body = json.read(bytes);
      String detail = body.text("detail");
      String hint = body.text("hint");
      return detail.isEmpty() ? body.text("status") : detail + (hint.isEmpty() ? "" : "; " + hint);
    } catch (JacksonException e) {
      return "";
    }
  }
}
