package io.cotidal.gateway.reading;

import io.cotidal.gateway.request.Target;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.swift.ObjectHead;
import java.util.Optional;

/**
 * Where a link leads. A container that keeps versions shows its objects as links to themselves.
 *
 * @param etag what is there must have; empty if it may be anything
 * @param inner whether it leads to a version of the object that it is
 */
record Link(Spot to, Optional<String> etag, boolean inner) {
  private static final String VERSION = "?version-id=";

  /**
   * Reads one.
   *
   * @param from where it lies
   * @param head of it, raw
   */
  static Link of(Spot from, ObjectHead head) throws Unsure {
    String text = head.link().orElseThrow();
    // A name with a question mark would come encoded.
    int question = text.indexOf('?');
    String path = plain(question < 0 ? text : text.substring(0, question));
    int slash = path.indexOf('/');
    if (slash < 1 || slash == path.length() - 1) {
      throw new Unsure("it links to nothing that has a name");
    }
    Optional<String> account = head.headers().first("X-Symlink-Target-Account");
    String in = account.isPresent() ? plain(account.get()) : from.container().account();
    Spot to = Spot.of(name(in, path.substring(0, slash)), path.substring(slash + 1));
    if (question < 0) {
      return new Link(to, etag(head), false);
    }
    boolean self = to.container().equals(from.container()) && to.object().equals(from.object());
    if (!text.startsWith(VERSION, question) || !self) {
      throw new Unsure("it links to something that is no object");
    }
    String version = text.substring(question + VERSION.length());
    return new Link(new Spot(to.container(), to.object(), Optional.of(version)), etag(head), true);
  }

  /** What another link must say to lead to this. */
  static String found(ObjectHead head) {
    return head.link().isPresent() ? etag(head).orElse(head.etag()) : head.etag();
  }

  private static Optional<String> etag(ObjectHead head) {
    return head.headers().first("X-Symlink-Target-Etag").map(text -> text.replace("\"", ""));
  }

  /** What Swift has encoded. */
  static String plain(String encoded) throws Unsure {
    return Target.plain(encoded)
        .orElseThrow(() -> new Unsure("it leads to something whose name is no UTF-8"));
  }

  /** A container that somebody has named. */
  static ContainerName name(String account, String container) throws Unsure {
    try {
      return new ContainerName(account, container);
    } catch (IllegalArgumentException e) {
      throw new Unsure("it leads to something that is no container: " + e.getMessage());
    }
  }
}
