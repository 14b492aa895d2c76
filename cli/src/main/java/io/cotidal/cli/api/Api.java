package io.cotidal.cli.api;

import io.cotidal.cli.terminal.ExitCode;
import io.cotidal.cli.terminal.Failure;
import io.cotidal.model.Secret;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.HttpRetryException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.SocketTimeoutException;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** The daemon's API. Every call has a deadline; not thread-safe. */
public final class Api {
  private static final int CONNECT_MILLIS = 3_000;
  private static final int READ_MILLIS = 15_000;
  private static final int LARGEST_ANSWER = 64 << 20;

  private final Server server;
  private final Credentials credentials;
  private final Json json = new Json();
  private Optional<Secret> token = Optional.empty();
  private boolean tokenRead;

  /** An API at {@code server}. */
  public Api(Server server, Credentials credentials) {
    this.server = server;
    this.credentials = credentials;
  }

  /**
   * What the server answered.
   *
   * @param location of what was begun; empty if the answer names none
   */
  public record Answer(int status, Node body, String location) {}

  /** Where the daemon listens. */
  public Server server() {
    return server;
  }

  /** How JSON is written here. */
  public Json json() {
    return json;
  }

  /**
   * Reads {@code path}.
   *
   * @throws Failure if the server answers with a problem
   * @throws Unreachable if it does not answer
   */
  public Node get(String path) {
    return call("GET", path, null, Map.of()).body();
  }

  /**
   * Sends {@code body}.
   *
   * @throws Failure if the server answers with a problem
   * @throws Unreachable if it does not answer
   */
  public Answer post(String path, Object body, Map<String, String> headers) {
    return call("POST", path, body, headers);
  }

  /**
   * Deletes what {@code path} names.
   *
   * @throws Failure if the server answers with a problem
   * @throws Unreachable if it does not answer
   */
  public void delete(String path) {
    Answer _ = call("DELETE", path, null, Map.of());
  }

  /**
   * Sends bytes, as many as there are; their length is no matter of memory.
   *
   * @throws Failure if the server answers with a problem, which it does before the bytes if it can
   * @throws Unreachable if it does not answer, or the connection breaks
   */
  public Answer upload(String path, Outgoing outgoing, Map<String, String> headers)
      throws InterruptedException {
    Optional<Secret> secret = secret();
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.put("Accept", "application/json, application/problem+json");
    all.put("Content-Type", "application/octet-stream");
    secret.ifPresent(it -> all.put("Authorization", "Bearer " + it.reveal()));
    try {
      HttpResponse<byte[]> response = Sending.post(server.at(path).toURI(), outgoing, all);
      int status = response.statusCode();
      Node body = read(new ByteArrayInputStream(response.body()), status);
      if (status >= 200 && status < 300) {
        return new Answer(status, body, response.headers().firstValue("Location").orElse(""));
      }
      throw Problem.of(server, status, body, secret.isPresent());
    } catch (ConnectException | URISyntaxException e) {
      throw new Unreachable(String.valueOf(e.getMessage()), false);
    } catch (IOException e) {
      throw new Unreachable(reason(e), true);
    }
  }

  private Answer call(
      String method, String path, @Nullable Object body, Map<String, String> headers) {
    Optional<Secret> secret = secret();
    boolean sent = false;
    try {
      HttpURLConnection connection = open(method, path, headers);
      secret.ifPresent(
          it -> connection.setRequestProperty("Authorization", "Bearer " + it.reveal()));
      byte[] bytes = body == null ? null : json.bytes(body);
      if (bytes != null) {
        connection.setRequestProperty("Content-Type", "application/json");
        connection.setDoOutput(true);
        // A fixed length also keeps the JDK from sending a lost POST a second time by itself.
        connection.setFixedLengthStreamingMode(bytes.length);
      }
      connection.connect();
      sent = true;
      if (bytes != null) {
        try (OutputStream out = connection.getOutputStream()) {
          out.write(bytes);
        }
      }
      return answer(connection, secret.isPresent());
    } catch (HttpRetryException e) {
      throw Problem.of(server, e.responseCode(), Node.NONE, secret.isPresent());
    } catch (IOException e) {
      throw new Unreachable(reason(e), sent);
    }
  }

  private Optional<Secret> secret() {
    if (!tokenRead) {
      token = credentials.token();
      tokenRead = true;
      if (token.isPresent() && server.exposed()) {
        throw new Failure(
            ExitCode.NOT_ALLOWED,
            "a token would travel readable to " + server,
            "use https, or a tunnel to the server's loopback address");
      }
    }
    return token;
  }

  private HttpURLConnection open(String method, String path, Map<String, String> headers)
      throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) server.at(path).openConnection(Proxy.NO_PROXY);
    connection.setRequestMethod(method);
    connection.setConnectTimeout(CONNECT_MILLIS);
    connection.setReadTimeout(READ_MILLIS);
    connection.setInstanceFollowRedirects(false);
    connection.setUseCaches(false);
    connection.setRequestProperty("Accept", "application/json, application/problem+json");
    headers.forEach(connection::setRequestProperty);
    return connection;
  }

  private Answer answer(HttpURLConnection connection, boolean withToken) throws IOException {
    int status = connection.getResponseCode();
    Node body;
    try (InputStream stream =
        status >= 400 ? connection.getErrorStream() : connection.getInputStream()) {
      body = stream == null ? Node.NONE : read(stream, status);
    }
    if (status >= 200 && status < 300) {
      String location = connection.getHeaderField("Location");
      return new Answer(status, body, location == null ? "" : location);
    }
    throw Problem.of(server, status, body, withToken);
  }

  private Node read(InputStream stream, int status) throws IOException {
    byte[] bytes = stream.readNBytes(LARGEST_ANSWER);
    if (bytes.length == 0) {
      return Node.NONE;
    }
    try {
      return json.read(bytes);
    } catch (JacksonException e) {
      if (status >= 400) {
        return Node.NONE;
      }
      throw new Failure(
          ExitCode.FAILED,
          server + " answers, but not in JSON",
          "is that a Cotidal server? See --server and COT_SERVER");
    }
  }

  private static String reason(IOException problem) {
    return switch (problem) {
      case SocketTimeoutException timeout -> "no answer in time";
      case UnknownHostException unknown -> "unknown host";
      default -> {
        String message = problem.getMessage();
        yield message == null || message.isEmpty()
            ? problem.getClass().getSimpleName()
            : Character.toLowerCase(message.charAt(0)) + message.substring(1);
      }
    };
  }
}
