package io.cotidal.feeds.repository;

import io.cotidal.feeds.repository.RepositoryException.Kind;
import java.util.regex.Pattern;

/** Names of branches that both tools read as a name and as nothing else. */
final class Branches {
  private static final Pattern NAME =
      Pattern.compile("[\\p{L}\\p{N}_][\\p{L}\\p{N}_.+@=/ -]{0,199}");

  private Branches() {}

  /** Lets a usual name pass, and the empty one, which is the tool's usual branch. */
  static void check(String branch) throws RepositoryException {
    boolean good =
        branch.isEmpty()
            || (NAME.matcher(branch).matches()
                && !branch.contains("..")
                && !branch.contains("@{")
                && !branch.endsWith("/")
                && !branch.endsWith(" "));
    if (!good) {
      throw new RepositoryException(
          Kind.BROKEN,
          "branch '%s': this is no name of a branch that can be pulled; choose another"
              .formatted(Names.printable(branch)));
    }
  }
}
