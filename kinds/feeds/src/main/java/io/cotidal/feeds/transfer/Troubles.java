package io.cotidal.feeds.transfer;

import io.cotidal.feeds.transfer.TransferException.Kind;
import java.util.Locale;
import java.util.Optional;

/** Reads from what rsync and ssh said why they failed. Pure. */
final class Troubles {
  private static final int IN_USE = 75;
  private static final int OWN_FILES = 11;
  private static final int SOME_FAILED = 23;
  private static final int VANISHED = 24;
  private static final int NO_PROGRAM = 127;
  private static final int SSH = 255;

  private Troubles() {}

  /** With that exit status flock says that another has the lock. */
  static int inUse() {
    return IN_USE;
  }

  /**
   * What is the matter with the whole run; empty if it is not, or only with single files.
   *
   * @param place what it was about
   */
  static Optional<TransferException> of(String place, int exit, String output) {
    if (exit == 0 || (exit == SOME_FAILED && !fullHere(output)) || exit == VANISHED) {
      return Optional.empty();
    }
    return Optional.of(read(place, exit, output));
  }

  /** What is the matter with a file that was sent; empty if it arrived. */
  static Optional<TransferException> sending(String place, int exit, String output) {
    if (exit == 0) {
      return Optional.empty();
    }
    boolean theirs = exit == SOME_FAILED || exit == OWN_FILES;
    return Optional.of(
        theirs
            ? trouble(
                Kind.UNREACHABLE,
                place,
                said(exit, reason(output)),
                "see whether that account may write there, and has room")
            : read(place, exit, output));
  }

  private static TransferException read(String place, int exit, String output) {
    String words = output.toLowerCase(Locale.ROOT);
    if (exit == IN_USE) {
      return trouble(
          Kind.LATE, place, "an rsync of an earlier try still runs", "wait until it ends");
    }
    // Who has no room to write cannot write why either.
    if (fullHere(output) || (exit == OWN_FILES && reason(output).isEmpty())) {
      return new TransferException(Kind.FULL, TransferException.fullMessage(place));
    }
    if (words.contains("host key verification failed")
        || words.contains("remote host identification has changed")
        || words.contains("host key is known for")) {
      return trouble(
          Kind.UNKNOWN_HOST,
          place,
          "the host's key is not the pinned one",
          "check the key with the host's keeper, then put it into the known hosts file");
    }
    if (exit == SSH && words.contains("permission denied")) {
      return trouble(
          Kind.UNREACHABLE,
          place,
          "the host does not let our key in",
          "add the public key to the account's authorized_keys");
    }
    if (exit == NO_PROGRAM) {
      return trouble(Kind.UNREACHABLE, place, "the host has no rsync", "install it there");
    }
    if (exit == OWN_FILES) {
      return trouble(Kind.LOCAL, place, reason(output), "look at the cache folder's disk");
    }
    return trouble(
        Kind.UNREACHABLE,
        place,
        said(exit, reason(output)),
        "see whether the host is up and its SSH server answers");
  }

  /** Why one file is not there although the run as a whole went well. */
  static TransferException absent(String place, String output) {
    String words = output.toLowerCase(Locale.ROOT);
    if (words.contains("is over max-size")) {
      return trouble(Kind.REFUSED, place, "larger than is allowed", "see whether the job is right");
    }
    if (words.contains("permission denied (13)")) {
      return trouble(Kind.MISSING, place, "the account may not read it", "correct its permissions");
    }
    if (words.contains("no such file or directory (2)")
        || words.contains("file has vanished")
        || words.contains("file vanished")) {
      return trouble(
          Kind.MISSING, place, "no such file there", "publish it again, or wait for the next job");
    }
    String reason = reason(output);
    return trouble(
        Kind.MISSING,
        place,
        reason.isEmpty() ? "no regular file came" : reason,
        "see what the job names there");
  }

  private static TransferException trouble(Kind kind, String place, String why, String remedy) {
    return new TransferException(kind, place + ": " + why + "; " + remedy);
  }

  private static String said(int exit, String reason) {
    return reason.isEmpty() ? "rsync ended with status " + exit : reason;
  }

  /** What the other side says of its own disk is not about ours. */
  private static boolean fullHere(String output) {
    return output
        .lines()
        .map(line -> line.toLowerCase(Locale.ROOT))
        .anyMatch(line -> TransferException.full(line) && !line.contains("[sender]"));
  }

  /** The first line that is an error's; rsync repeats itself after that. */
  private static String reason(String output) {
    return output
        .lines()
        .map(line -> Names.printable(line.strip()))
        .filter(Troubles::telling)
        .findFirst()
        .orElse("");
  }

  private static boolean telling(String line) {
    return line.startsWith("ssh:")
        || line.startsWith("rsync:")
        || line.startsWith("rsync error:")
        || line.startsWith("Connection ")
        || line.startsWith("kex_exchange")
        || line.contains("not found");
  }
}
