package io.cotidal.feeds.repository;

import io.cotidal.feeds.repository.RepositoryException.Kind;
import io.cotidal.feeds.spec.FeedsSpec.Tool;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where a repository is pulled from, in a form that the tool reads as nothing else.
 *
 * @param text what is given to the tool; never with a password
 * @param scheme by which protocol: {@code file}, {@code ssh}, {@code https}, {@code http} or {@code
 *     git}
 */
record Address(String text, String scheme) {
  private static final Pattern SHORT =
      Pattern.compile("(?:[A-Za-z0-9_.][A-Za-z0-9_.-]*@)?[A-Za-z0-9.][A-Za-z0-9.-]*:(?!//|:)\\S+");
  private static final Pattern HERE =
      Pattern.compile("localhost|127\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}|\\[::1\\]");

  /**
   * Reads one.
   *
   * @param text an absolute path, or an address
   * @param signed whether signatures prove what comes, however it comes
   * @throws RepositoryException if it is none that may be used
   */
  static Address of(String text, Tool tool, boolean signed) throws RepositoryException {
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw refused(text, "it has a control character");
    }
    if (text.startsWith("/")) {
      return new Address(text, "file");
    }
    if (tool == Tool.GIT && !text.contains("://") && SHORT.matcher(text).matches()) {
      return new Address(text, "ssh");
    }
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      throw refused(text, "it is neither an absolute path nor an address");
    }
    String scheme = Optional.ofNullable(uri.getScheme()).orElse("").toLowerCase(Locale.ROOT);
    switch (scheme) {
      case "file" -> checkFile(text, uri);
      case "ssh", "https" -> checkHost(text, uri);
      case "http" -> checkOpen(text, uri, signed);
      case "git" -> {
        if (tool != Tool.GIT) {
          throw refused(text, "Mercurial has no such protocol");
        }
        checkOpen(text, uri, signed);
      }
      default ->
          throw refused(
              text, "it must be an absolute path, or begin with ssh://, https:// or file://");
    }
    return new Address(text, scheme);
  }

  /** For messages: without a user's name of the web, for that may be a token. */
  String shown() {
    return scheme.startsWith("http") ? text.replaceFirst("//[^/@]*@", "//") : text;
  }

  /** The same for what a clone names as its origin, which may be a path from the clone on. */
  static Address inClone(String text, Path folder, Tool tool, boolean signed)
      throws RepositoryException {
    boolean relative =
        !text.isEmpty()
            && !text.startsWith("/")
            && !text.contains(":")
            && text.chars().noneMatch(Character::isISOControl);
    return of(relative ? folder.resolve(text).normalize().toString() : text, tool, signed);
  }

  private static void checkFile(String text, URI uri) throws RepositoryException {
    String host = uri.getAuthority();
    if ((host != null && !host.isEmpty()) || uri.getPath() == null) {
      throw refused(text, "a file:// address has three slashes and then the absolute path");
    }
  }

  private static void checkHost(String text, URI uri) throws RepositoryException {
    String host = uri.getHost();
    if (host == null || host.isEmpty() || host.startsWith("-")) {
      throw refused(text, "it names no host");
    }
    String user = uri.getUserInfo();
    if (user != null && user.contains(":")) {
      throw new RepositoryException(
          Kind.BROKEN,
          "repository at %s: its address has a password, which every user of this machine could read; use a key of SSH, or the tool's own store of credentials"
              .formatted(host));
    }
    if (user != null && user.startsWith("-")) {
      throw refused(text, "its user begins with a dash");
    }
  }

  private static void checkOpen(String text, URI uri, boolean signed) throws RepositoryException {
    checkHost(text, uri);
    if (!signed && !HERE.matcher(uri.getHost()).matches()) {
      throw refused(
          text,
          "nothing protects %s:// on its way; use ssh:// or https://, or demand signatures"
              .formatted(uri.getScheme()));
    }
  }

  private static RepositoryException refused(String text, String reason) {
    return new RepositoryException(
        Kind.BROKEN, "repository '%s': %s".formatted(Names.printable(text), reason));
  }
}
