package io.cotidal.app.config;

import io.cotidal.copies.spec.CopiesSpec;
import io.cotidal.model.Permission;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/**
 * What the operator asked for of templates and copies.
 *
 * @param named the templates that the configuration names, in its order
 * @param folder what holds for each template that a folder of dumps brings; empty if there is no
 *     such folder
 * @param compat where the original's API is served; empty if nowhere
 */
public record Templates(
    List<CopiesSpec> named, Optional<CopiesSpec> folder, Optional<Compat> compat) {
  /** None. */
  public static final Templates NONE = new Templates(List.of(), Optional.empty(), Optional.empty());

  /** Copies the list. */
  public Templates {
    named = List.copyOf(named);
  }

  /** Whether there can be any template. */
  public boolean any() {
    return !named.isEmpty() || folder.isPresent();
  }

  /**
   * The original's API.
   *
   * @param anonymousAs what callers without a token may do; empty if they are refused
   * @param prefix what names of containers begin with, where they are told
   * @param debug whether each request is logged
   */
  public record Compat(
      InetSocketAddress listen, Optional<Permission> anonymousAs, String prefix, boolean debug) {
    /** What names of containers began with, in the original. */
    static final String PREFIX = "myaas-";
  }
}
