package io.cotidal.gateway.request;

import io.cotidal.objects.names.ContainerName;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/** Where a request goes, as Swift will understand it. */
public sealed interface Target {
  /** An account. */
  record Account(String account) implements Target {}

  /** A container. */
  record Container(ContainerName name) implements Target {}

  /**
   * An object in a container.
   *
   * @param object its name, decoded
   */
  record Thing(ContainerName container, String object) implements Target {}

  /** None of these: another interface of the site, or something that it will refuse. */
  record Other() implements Target {}

  /** The versions that Swift knows the same interface by. */
  Set<String> VERSIONS = Set.of("v1", "v1.0");

  /** Version, account, container, object, and what is before the first slash. */
  int PARTS = 5;

  /**
   * Understands a raw request target.
   *
   * @param raw characters up to 255 are the bytes of that number
   */
  static Target of(String raw) {
    Optional<String> path = plain(path(raw));
    if (path.isEmpty() || path.get().indexOf('\0') >= 0) {
      return new Other();
    }
    String[] parts = path.get().split("/", PARTS);
    if (parts.length < 3 || !parts[0].isEmpty() || !VERSIONS.contains(parts[1])) {
      return new Other();
    }
    String account = parts[2];
    String container = parts.length > 3 ? parts[3] : "";
    String object = parts.length > 4 ? parts[4] : "";
    if (!named(account) || (container.isEmpty() ? !object.isEmpty() : !named(container))) {
      return new Other();
    }
    if (container.isEmpty()) {
      return new Account(account);
    }
    ContainerName name = new ContainerName(account, container);
    return object.isEmpty() ? new Container(name) : new Thing(name, object);
  }

  /**
   * What an encoded name or path means; empty if it is no UTF-8, in which alone Swift takes names.
   *
   * @param encoded characters up to 255 are the bytes of that number
   */
  static Optional<String> plain(String encoded) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(decoded(encoded));
      return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(bytes).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private static boolean named(String name) {
    int bytes = name.getBytes(StandardCharsets.UTF_8).length;
    return bytes > 0 && bytes <= ContainerName.LONGEST;
  }

  /** The path without the query; empty if there is none, as of {@code *}. */
  private static String path(String raw) {
    int question = raw.indexOf('?');
    String path = question < 0 ? raw : raw.substring(0, question);
    if (path.startsWith("/")) {
      return path;
    }
    // Every server must take an absolute address, too: it is not to be a way past us.
    int scheme = path.indexOf("://");
    if (scheme < 1) {
      return "";
    }
    int slash = path.indexOf('/', scheme + 3);
    return slash < 0 ? "" : path.substring(slash);
  }

  /** What is no escape stays as it is: Swift does so. */
  private static byte[] decoded(String path) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(path.length());
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      int high = c == '%' && i + 2 < path.length() ? hex(path.charAt(i + 1)) : -1;
      int low = high >= 0 ? hex(path.charAt(i + 2)) : -1;
      if (low >= 0) {
        bytes.write(high << 4 | low);
        i += 2;
      } else {
        bytes.write(c);
      }
    }
    return bytes.toByteArray();
  }

  private static int hex(char c) {
    return c < 128 ? Character.digit(c, 16) : -1;
  }
}
