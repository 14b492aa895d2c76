package io.cotidal.feeds.repository;

import io.cotidal.feeds.repository.RepositoryException.Kind;
import io.cotidal.remote.Durable;
import io.cotidal.remote.OsUser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;

/** Puts Cotidal's hooks into the {@code hgrc} of a clone. */
public final class HgRc {
  private HgRc() {}

  /**
   * What was done.
   *
   * @param changed whether anything had to be
   * @param switchedOff hooks that ran the program that Cotidal replaces, and are comments now
   * @param includes further files that the {@code hgrc} names; nobody looked into them
   * @param backup where the text before lies; empty if nothing changed or there was none
   */
  public record Installed(
      boolean changed, List<String> switchedOff, List<String> includes, Optional<Path> backup) {
    /** Copies the lists. */
    public Installed {
      switchedOff = List.copyOf(switchedOff);
      includes = List.copyOf(includes);
    }
  }

  /**
   * Has Mercurial run a command for what a pull brings, before it is kept, and refuse commits of
   * the clone's own. Everything else in the file stays, comments too. Doing it again changes
   * nothing.
   *
   * @param clone a clone of Mercurial
   * @param command a program's absolute path and its arguments
   * @throws RepositoryException if there is no clone, or its file cannot be read or written
   */
  public static Installed install(Path clone, List<String> command) throws RepositoryException {
    check(clone, command);
    try {
      Path named = clone.resolve(".hg/hgrc");
      Path file = Files.exists(named) ? named.toRealPath() : named;
      String before = Files.exists(file) ? text(file) : "";
      HgRcText after = HgRcText.merge(before, command);
      if (after.text().equals(before)) {
        return new Installed(false, List.of(), after.includes(), Optional.empty());
      }
      Optional<Path> backup = Optional.empty();
      if (Files.exists(file)) {
        backup = Optional.of(write(free(file), before, file));
      }
      // Mercurial runs no hooks from a file of somebody whom it does not trust: as the clone is.
      write(file, after.text(), Files.exists(file) ? file : clone.resolve(".hg"));
      return new Installed(true, after.switchedOff(), after.includes(), backup);
    } catch (IOException e) {
      throw new RepositoryException(
          Kind.BROKEN,
          "the hgrc of %s cannot be changed: %s"
              .formatted(clone, Complaint.line(Complaint.reason(e))),
          e);
    }
  }

  private static void check(Path clone, List<String> command) throws RepositoryException {
    if (!Files.isDirectory(clone.resolve(".hg"))) {
      throw new RepositoryException(
          Kind.BROKEN,
          "%s is no clone of Mercurial; name the folder that holds .hg".formatted(clone));
    }
    boolean good =
        !command.isEmpty()
            && command.getFirst().startsWith("/")
            && command.stream().allMatch(word -> word.chars().noneMatch(Character::isISOControl));
    if (!good) {
      throw new RepositoryException(
          Kind.BROKEN,
          "hook for %s: give a program's absolute path and arguments in one line".formatted(clone));
    }
  }

  private static String text(Path file) throws IOException {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
          .toString();
    } catch (CharacterCodingException e) {
      throw new IOException("it is not UTF-8; convert it first", e);
    }
  }

  private static Path free(Path file) {
    int number = 1;
    Path backup = file.resolveSibling("hgrc.before-cotidal");
    while (Files.exists(backup)) {
      number++;
      backup = file.resolveSibling("hgrc.before-cotidal-" + number);
    }
    return backup;
  }

  /** Writes a file that belongs to whom {@code like} belongs. */
  private static Path write(Path file, String text, Path like) throws IOException {
    int user = (Integer) Files.getAttribute(like, "unix:uid");
    int group = (Integer) Files.getAttribute(like, "unix:gid");
    String mode =
        Files.isDirectory(like)
            ? "rw-r--r--"
            : PosixFilePermissions.toString(Files.getPosixFilePermissions(like));
    int own = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    OsUser owner = user == own ? null : new OsUser(String.valueOf(user), user, group);
    Durable.write(file, text, owner, mode);
    return file;
  }
}
