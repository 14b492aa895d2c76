package io.cotidal.objects.names;

import java.nio.charset.StandardCharsets;

/**
 * A container in its account; the same at every site.
 *
 * @param account for example {@code AUTH_test}; no slash, not empty
 * @param container 1 to 256 bytes of UTF-8, no slash
 */
public record ContainerName(String account, String container) implements Comparable<ContainerName> {
  /** Swift's usual limit, in bytes. */
  public static final int LONGEST = 256;

  /**
   * Checks both.
   *
   * @throws IllegalArgumentException in one line
   */
  public ContainerName {
    check("account", account);
    check("container", container);
  }

  private static void check(String what, String name) {
    int bytes = name.getBytes(StandardCharsets.UTF_8).length;
    if (bytes == 0 || bytes > LONGEST || name.indexOf('/') >= 0 || name.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          "the name of " + what + " is empty, too long, or has a slash or a zero in it");
    }
  }

  /** The path below {@code /v1}, encoded: {@code /AUTH_test/photos%20raw}. */
  public String path() {
    return "/" + Encoded.segment(account) + "/" + Encoded.segment(container);
  }

  @Override
  public int compareTo(ContainerName other) {
    int accounts = Encoded.compare(account, other.account);
    return accounts != 0 ? accounts : Encoded.compare(container, other.container);
  }

  /** {@code account/container}. */
  @Override
  public String toString() {
    return account + "/" + container;
  }
}
