package io.cotidal.feeds.repository;

import io.cotidal.feeds.repository.RepositoryException.Kind;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What Mercurial tells a hook of a transaction that is not closed yet.
 *
 * @param node the first new commit
 * @param last the last new commit, if it was told
 * @param source why there are new commits: {@code pull}, {@code push}, {@code unbundle}
 * @param url where they come from; empty if it was not told
 * @param pending the root of the repository whose transaction is open; empty if it is closed
 */
public record HgHook(
    String node, Optional<String> last, String source, String url, Optional<String> pending) {
  private static final Pattern NODE = Pattern.compile("[0-9a-f]{40}");

  /**
   * Reads it.
   *
   * @param environment of the process that Mercurial started
   * @throws RepositoryException if Mercurial did not start it as a hook for new commits
   */
  public static HgHook of(Map<String, String> environment) throws RepositoryException {
    String node = environment.getOrDefault("HG_NODE", "");
    if (!NODE.matcher(node).matches()) {
      throw new RepositoryException(
          Kind.BROKEN,
          "hook: Mercurial tells no new commit in HG_NODE; this is to be run as the hook pretxnchangegroup");
    }
    return new HgHook(
        node,
        Optional.ofNullable(environment.get("HG_NODE_LAST"))
            .filter(last -> NODE.matcher(last).matches()),
        environment.getOrDefault("HG_SOURCE", ""),
        environment.getOrDefault("HG_URL", ""),
        Optional.ofNullable(environment.get("HG_PENDING")).filter(root -> !root.isEmpty()));
  }
}
