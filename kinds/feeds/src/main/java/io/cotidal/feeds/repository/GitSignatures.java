package io.cotidal.feeds.repository;

import io.cotidal.feeds.repository.Commands.Said;
import io.cotidal.feeds.repository.RepositoryException.Kind;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Lets pass only what those signed who may. The newest commit must be signed, and each that came
 * since the last that was checked or applied: else somebody's commit could hide below a good one.
 */
final class GitSignatures {
  private static final long LISTED = 16L << 20;

  private final GitClone clone;
  private final Path signers;

  /**
   * Makes it.
   *
   * @param signers in the format of {@code ssh-keygen -Y}
   */
  GitSignatures(GitClone clone, Path signers) {
    this.clone = clone;
    this.signers = signers;
  }

  /**
   * Checks what is incoming, and remembers how far that was checked.
   *
   * @throws RepositoryException naming the first commit that may not pass
   */
  void check(GitRefs refs, Deadline deadline)
      throws IOException, RepositoryException, InterruptedException {
    String head = refs.incoming().orElseThrow(IllegalStateException::new).id();
    if (refs.verified().map(GitRefs.Ref::id).equals(Optional.of(head))) {
      return;
    }
    if (!Files.isReadable(signers)) {
      throw new RepositoryException(
          Kind.BROKEN,
          "repository %s: the signers in %s cannot be read; nothing is taken until they can"
              .formatted(clone.shown(), signers));
    }
    verify(List.of("--no-walk", head), deadline);
    List<String> since = new ArrayList<>();
    refs.verified().ifPresent(ref -> since.add("^" + ref.id()));
    refs.applied().ifPresent(ref -> since.add("^" + ref.id()));
    if (!since.isEmpty()) {
      since.add(head);
      verify(since, deadline);
    }
    clone.ask(List.of("update-ref", "refs/cotidal/verified", head), deadline);
  }

  private void verify(List<String> commits, Deadline deadline)
      throws IOException, RepositoryException, InterruptedException {
    List<String> line = new ArrayList<>();
    for (String setting :
        List.of(
            "gpg.ssh.allowedSignersFile=" + signers.toAbsolutePath(),
            "gpg.ssh.program=ssh-keygen",
            // Signatures of the other kinds are none here.
            "gpg.program=/bin/false",
            "gpg.openpgp.program=/bin/false",
            "gpg.x509.program=/bin/false")) {
      line.addAll(List.of("-c", setting));
    }
    line.addAll(List.of("log", "--reverse", "--no-show-signature", "--format=%H %G?"));
    line.addAll(commits);
    line.add("--");
    try (Said said = clone.run(clone.call(line).most(LISTED), deadline)) {
      if (said.exit() != 0) {
        throw Complaint.of(clone.shown(), said.errors());
      }
      for (String each : said.text().lines().toList()) {
        if (!each.endsWith(" G")) {
          throw refused(each);
        }
      }
    }
  }

  private RepositoryException refused(String line) {
    String commit = line.replaceAll(" .*", "");
    String reason =
        switch (line.isEmpty() ? ' ' : line.charAt(line.length() - 1)) {
          case 'N' -> "is not signed";
          case 'B' -> "has a signature that is not right";
          case 'U' -> "is signed by somebody who is not in " + signers;
          case 'X', 'Y', 'R' -> "is signed with a key that is no longer valid";
          default -> "has a signature that cannot be checked";
        };
    return new RepositoryException(
        Kind.REFUSED,
        "repository %s: commit %s %s; have it signed, or add its signer"
            .formatted(clone.shown(), commit, reason));
  }
}
