package io.cotidal.feeds.geoserver;

import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.model.Secret;
import io.cotidal.remote.http.Guard;
import io.cotidal.remote.http.GuardedHttp;
import io.cotidal.remote.http.Http;
import io.cotidal.remote.http.HttpAddress;
import io.cotidal.remote.http.Question.SecretHeader;
import io.cotidal.remote.http.Reply;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The way to one GeoServer.
 *
 * @param place its name, for messages
 * @param secrets what no message may hold, whoever said it
 */
record Rest(
    String place, HttpAddress address, Http http, SecretHeader header, List<Secret> secrets) {
  private static final int LONGEST = 4_000;

  /**
   * The way to {@code server}.
   *
   * @throws IllegalArgumentException if its URL is none
   */
  static Rest to(FeedsSpec.GeoServer server) {
    HttpAddress address = HttpAddress.parse(server.url());
    String login = server.user() + ":" + server.password().reveal();
    return new Rest(
        server.name().name(),
        address,
        new GuardedHttp(address, Guard.ownNetwork()),
        new SecretHeader(
            "Authorization",
            new Secret(
                "Basic "
                    + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8)))),
        List.of(server.password()));
  }

  /** The same, with more that no message may hold. */
  Rest hiding(Secret more) {
    return new Rest(
        place, address, http, header, Stream.concat(secrets.stream(), Stream.of(more)).toList());
  }

  /** Segments as a path, each encoded. */
  static String path(String... segments) {
    return Stream.of(segments).map(Rest::encoded).collect(Collectors.joining("/", "/rest/", ""));
  }

  /** A part of a path or a query. The colon of {@code workspace:name} may stand in both. */
  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20").replace("%3A", ":");
  }

  /** What an answer says, whatever its encoding. */
  String line(Reply reply) {
    return line(new String(reply.bytes(), StandardCharsets.UTF_8));
  }

  /** Words of others as one line without secrets. */
  String line(String text) {
    String shown = text.substring(0, Math.min(text.length(), LONGEST));
    for (Secret one : secrets) {
      if (!one.reveal().isEmpty()) {
        shown = shown.replace(one.reveal(), "***");
      }
    }
    shown = shown.replaceAll("(?s)<style.*?</style>", " ").replaceAll("<[^>]*>", " ");
    shown = shown.replaceAll("[\\p{Cntrl}\\p{Zl}\\p{Zp}\\s]+", " ").strip();
    return shown.length() > 160 ? shown.substring(0, 160) + "…" : shown;
  }
}
