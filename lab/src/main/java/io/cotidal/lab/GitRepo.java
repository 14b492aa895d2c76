package io.cotidal.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A master's state repository in Git, to which tests commit. */
public final class GitRepo {
  private static final Path PROGRAM = Path.of("/usr/bin/git");

  private final Path folder;
  private final VersionControl git;

  private GitRepo(Path folder, String account) {
    this.folder = folder;
    this.git =
        new VersionControl(
            folder,
            account,
            Map.of(
                "GIT_CONFIG_NOSYSTEM", "1",
                "GIT_CONFIG_GLOBAL", "/dev/null",
                "GIT_AUTHOR_NAME", "lab",
                "GIT_AUTHOR_EMAIL", "lab@example.org",
                "GIT_COMMITTER_NAME", "lab",
                "GIT_COMMITTER_EMAIL", "lab@example.org"));
  }

  /** Why there can be none here, with the remedy; empty if there can. */
  public static Optional<String> missing() {
    return Files.isExecutable(PROGRAM)
        ? Optional.empty()
        : Optional.of("Git is not installed: apt-get install git");
  }

  /**
   * Makes one with the branch {@code main} and no commit.
   *
   * @param folder a new one, or an empty one of the account
   * @param account whose it is, for example {@link SshServer#account}; empty for this process's own
   */
  public static GitRepo make(Path folder, String account) throws IOException {
    Optional<String> missing = missing();
    if (missing.isPresent()) {
      throw new IOException(missing.get());
    }
    Files.createDirectories(folder);
    GitRepo made = new GitRepo(folder, account);
    made.run("init", "--quiet", "--initial-branch=main");
    return made;
  }

  /** Where it lies; it can be pulled from there. */
  public Path folder() {
    return folder;
  }

  /** Its address over SSH. */
  public String url(SshServer server) {
    return "ssh://%s@127.0.0.1:%d%s".formatted(server.user(), server.port(), folder);
  }

  /** Writes a file; the next commit has it. */
  public GitRepo write(String path, String text) throws IOException {
    git.write(path, text);
    return this;
  }

  /** Makes a link; the next commit has it. */
  public GitRepo link(String path, String target) throws IOException {
    Files.createSymbolicLink(folder.resolve(path), Path.of(target));
    return this;
  }

  /** Removes a file; the next commit does not have it. */
  public GitRepo remove(String path) throws IOException {
    Files.delete(folder.resolve(path));
    return this;
  }

  /** Commits everything, even nothing. */
  public String commit(String message) throws IOException {
    return commit(message, List.of());
  }

  /** Commits everything, signed with a private key of SSH. */
  public String signed(String message, Path key) throws IOException {
    return commit(message, List.of("-c", "gpg.format=ssh", "-c", "user.signingKey=" + key, "-S"));
  }

  /** Commits everything, by a clock that shows {@code when}. */
  public String commit(String message, Instant when) throws IOException {
    String time = "@" + when.getEpochSecond() + " +0000";
    run("add", "--all");
    List<String> line =
        List.of(
            "/usr/bin/env",
            "GIT_AUTHOR_DATE=" + time,
            "GIT_COMMITTER_DATE=" + time,
            PROGRAM.toString(),
            "commit",
            "--quiet",
            "--allow-empty",
            "-m",
            message);
    git.run(line, new byte[0]);
    return head();
  }

  private String commit(String message, List<String> how) throws IOException {
    run("add", "--all");
    List<String> line = new ArrayList<>(how);
    boolean signs = line.remove("-S");
    line.addAll(List.of("commit", "--quiet", "--allow-empty", "-m", message));
    if (signs) {
      line.add("-S");
    }
    run(line.toArray(String[]::new));
    return head();
  }

  /** The commit that is checked out. */
  public String head() throws IOException {
    return run("rev-parse", "HEAD").strip();
  }

  /** Runs Git in it and says what it printed. */
  public String run(String... arguments) throws IOException {
    return fed("", arguments);
  }

  /** The same with something to read. */
  public String fed(String input, String... arguments) throws IOException {
    return fed(input.getBytes(StandardCharsets.ISO_8859_1), arguments);
  }

  /** The same with bytes to read. */
  public String fed(byte[] input, String... arguments) throws IOException {
    List<String> line = new ArrayList<>(List.of(PROGRAM.toString()));
    line.addAll(List.of(arguments));
    return git.run(line, input);
  }
}
