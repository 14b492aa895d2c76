package io.cotidal.gateway.wire;

import io.cotidal.gateway.wire.RawSocket.Got;
import io.cotidal.lab.swift.SwiftUser;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A way to a Swift, and what was heard on it. Names that differ between two ways are made the same
 * in what is heard, and so is what differs between any two answers.
 */
final class Target {
  private static final Set<String> CHANGING =
      Set.of(
          "date",
          "x-trans-id",
          "x-openstack-request-id",
          "x-timestamp",
          "x-put-timestamp",
          "x-copied-from-last-modified",
          "last-modified",
          "x-auth-token",
          "x-storage-token",
          "x-auth-token-expires",
          "x-object-version-id",
          // it is made of the segments' names, and a container is in these
          "x-manifest-etag",
          "via",
          "x-amz-id-2",
          "x-amz-request-id",
          "x-cotidal-request",
          "connection",
          "keep-alive",
          "transfer-encoding");

  private final int port;
  private final String box;
  private final String token;
  private final List<String> heard = new ArrayList<>();

  /**
   * One way.
   *
   * @param box a container's name that only this way uses
   */
  Target(int port, String box, String token) {
    this.port = port;
    this.box = box;
    this.token = token;
  }

  int port() {
    return port;
  }

  String box() {
    return box;
  }

  /** The target of a path in the container. */
  String at(String path) {
    return "/v1/AUTH_test/" + box + path;
  }

  RawSocket open() throws IOException {
    return RawSocket.to(port);
  }

  /** Lines of a request in HTTP/1.1 with the token. */
  String head(String method, String target, String... more) {
    List<String> lines = new ArrayList<>();
    lines.add(method + " " + target + " HTTP/1.1");
    lines.add("Host: swift.example:8080");
    lines.add("X-Auth-Token: " + token);
    lines.addAll(List.of(more));
    return String.join("\r\n", lines) + "\r\n\r\n";
  }

  /** Asks without a body on a connection of its own, and notes the answer. */
  Got ask(String method, String target, String... more) throws IOException {
    return raw(method, head(method, target, more));
  }

  /** Asks with a body. */
  Got send(String method, String target, String body, String... more) throws IOException {
    List<String> lines = new ArrayList<>(List.of(more));
    lines.add("Content-Length: " + body.length());
    return raw(method, head(method, target, lines.toArray(String[]::new)) + body);
  }

  /** Sends that, and notes the answer. */
  Got raw(String method, String bytes) throws IOException {
    return raw(method, bytes, method + " " + bytes.split(" ", 3)[1]);
  }

  /** Sends that, and notes the answer under that name. */
  Got raw(String method, String bytes, String what) throws IOException {
    try (RawSocket socket = open()) {
      Got got = socket.send(bytes).answer(method);
      note(what, got);
      return got;
    }
  }

  /** Notes an answer. */
  void note(String what, Got got) {
    String head =
        got.head()
            .lines()
            .filter(line -> !CHANGING.contains(line.split(":", 2)[0].toLowerCase(Locale.ROOT)))
            .collect(Collectors.joining("\n"));
    String chunked = got.field("Transfer-Encoding").isEmpty() ? "" : "\n(chunked)";
    note(what + "\n" + head + chunked + "\n\n" + got.body());
  }

  /** Notes something else. */
  void note(String text) {
    heard.add(
        text.replace(box, "BOX")
            .replace(":" + port, ":PORT")
            .replace(token, "TOKEN")
            .replaceAll("tx[0-9a-f]{21}-[0-9a-f]{10}", "TX")
            .replaceAll("\"last_modified\": *\"[^\"]*\"", "\"last_modified\": \"THEN\"")
            .replaceAll("boundary=[0-9a-f]+", "boundary=B")
            .replaceAll("--[0-9a-f]{32}", "--B")
            .replaceAll(
                "<(last_modified|LastModified|RequestId|StringToSign|StringToSignBytes|SignatureProvided)>[^<]*<",
                "<$1>THEN<")
            .replaceAll("[A-Z][a-z]{2}, [0-9 :A-Za-z]{18,21} GMT", "THEN"));
  }

  /** All that was noted. */
  String heard() {
    return String.join("\n----\n", heard);
  }

  /** A name as it may be in a target. */
  static String escaped(String name) {
    return SwiftUser.escaped(name);
  }
}
