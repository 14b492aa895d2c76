package io.cotidal.feeds.repository;

import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Cotidal's own references in a clone of Git.
 *
 * @param incoming what came last, checked or not
 * @param fetched what came and may be taken
 * @param verified up to where signatures were checked
 * @param applied what was applied
 */
record GitRefs(
    Optional<Ref> incoming, Optional<Ref> fetched, Optional<Ref> verified, Optional<Ref> applied) {

  /** A commit, and when it was made. */
  record Ref(String id, long seconds) {}

  static GitRefs read(GitClone clone, Deadline deadline)
      throws IOException, RepositoryException, InterruptedException {
    String text =
        clone.ask(
            List.of(
                "for-each-ref",
                "--format=%(refname:lstrip=2) %(objectname) %(committerdate:unix)",
                "refs/cotidal/"),
            deadline);
    Map<String, Ref> all = new HashMap<>();
    for (String line : text.lines().toList()) {
      String[] words = line.split(" ", -1);
      if (words.length == 3 && words[2].matches("-?[0-9]{1,18}")) {
        all.put(words[0], new Ref(words[1], Long.parseLong(words[2])));
      }
    }
    return new GitRefs(
        Optional.ofNullable(all.get("incoming")),
        Optional.ofNullable(all.get("fetched")),
        Optional.ofNullable(all.get("verified")),
        Optional.ofNullable(all.get("applied")));
  }
}
