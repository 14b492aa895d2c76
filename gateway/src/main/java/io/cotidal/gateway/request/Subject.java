package io.cotidal.gateway.request;

import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.names.Encoded;
import java.util.Optional;

/**
 * What a request changes: a container, or an account itself.
 *
 * @param account for example {@code AUTH_test}
 * @param box the container's name; empty for the account
 */
public record Subject(String account, String box) implements Comparable<Subject> {
  /** That container. */
  public static Subject of(ContainerName name) {
    return new Subject(name.account(), name.container());
  }

  /** That account. */
  public static Subject account(String account) {
    return new Subject(account, "");
  }

  /** The container, if it is one. */
  public Optional<ContainerName> container() {
    return box.isEmpty() ? Optional.empty() : Optional.of(new ContainerName(account, box));
  }

  @Override
  public int compareTo(Subject other) {
    int accounts = Encoded.compare(account, other.account);
    return accounts != 0 ? accounts : Encoded.compare(box, other.box);
  }

  /** {@code account/container}, or the account. */
  @Override
  public String toString() {
    return box.isEmpty() ? account : account + "/" + box;
  }
}
