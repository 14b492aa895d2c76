package io.cotidal.remote;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * An operating-system user that programs run as.
 *
 * @param name its name
 * @param uid its number
 * @param gid number of its primary group
 */
public record OsUser(String name, int uid, int gid) {
  /** Makes {@code file} the user's own. Links are not followed. */
  public void own(Path file) throws IOException {
    Files.setAttribute(file, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
    Files.setAttribute(file, "unix:gid", gid, LinkOption.NOFOLLOW_LINKS);
  }
}
