package io.cotidal.remote;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An operating-system user that programs run as.
 *
 * @param name its name
 * @param uid its number
 * @param gid number of its primary group
 */
public record OsUser(String name, int uid, int gid) {
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

  /** The user of that number, if {@code text} is one; its group has the same number. */
  static Optional<OsUser> numbered(String text) {
    if (!NUMBER.matcher(text).matches()) {
      return Optional.empty();
    }
    int number = Integer.parseInt(text);
    return Optional.of(new OsUser(text, number, number));
  }

  /** The number of the user of this process. */
  static int own() throws IOException {
    return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
  }

  /** Makes {@code file} the user's own. Links are not followed. */
  public void own(Path file) throws IOException {
    Files.setAttribute(file, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
    Files.setAttribute(file, "unix:gid", gid, LinkOption.NOFOLLOW_LINKS);
  }
}
