package io.cotidal.remote.http;

import io.cotidal.model.Secret;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is asked, and of which length the answer may be. By itself a GET; {@link Order} has the
 * other methods.
 *
 * @param target path and query, encoded, beginning with a slash
 * @param headers beside {@code Host} and {@code Connection}
 * @param secret a header that must not be shown; it goes over TLS or to this machine only
 * @param most the longest body that is taken, in bytes
 */
public record Question(
    String target, Map<String, String> headers, Optional<SecretHeader> secret, int most) {
  /** Answers of more than ten thousand members are shorter. */
  public static final int MOST = 8 * 1024 * 1024;

  /** A header that authenticates. */
  public record SecretHeader(String name, Secret value) {}

  /** Checks that nothing in it could end a line. */
  public Question {
    if (!target.startsWith("/") || !target.chars().allMatch(c -> c > ' ' && c < 127)) {
      throw new IllegalArgumentException("not a path and query in their encoded form");
    }
    headers = Map.copyOf(headers);
    headers.forEach(Question::check);
    secret.ifPresent(header -> check(header.name(), header.value().reveal()));
  }

  /** Asks for JSON. */
  public static Question json(String target) {
    return new Question(target, Map.of("Accept", "application/json"), Optional.empty(), MOST);
  }

  /** The same with a secret header. */
  public Question with(SecretHeader header) {
    return new Question(target, headers, Optional.of(header), most);
  }

  static void check(String name, String value) {
    boolean fits =
        name.matches("[A-Za-z][A-Za-z0-9-]*") && value.chars().allMatch(c -> c >= ' ' && c < 127);
    if (!fits) {
      throw new IllegalArgumentException(
          "the header " + name.replaceAll("[^A-Za-z0-9-]", "?") + " holds what no header may");
    }
  }

  /** The first lines of the request, without the empty one. */
  String head(String method, String host) {
    Map<String, String> lines = new LinkedHashMap<>();
    lines.put("Host", host);
    lines.put("Connection", "close");
    lines.putAll(headers);
    secret.ifPresent(header -> lines.put(header.name(), header.value().reveal()));
    StringBuilder text = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
    lines.forEach((name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
    return text.toString();
  }
}
