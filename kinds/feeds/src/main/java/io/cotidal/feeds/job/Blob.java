package io.cotidal.feeds.job;

/**
 * A file at the master.
 *
 * @param host {@code user@host} or {@code host}; never begins with a dash
 * @param path absolute, without {@code .} and {@code ..}
 * @param md5 32 lower-case hexadecimal digits, or empty if the job names none
 */
public record Blob(String host, String path, String md5) {
  /** The last part of the path. */
  public String fileName() {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** Whether the job says what it must contain. */
  public boolean pinned() {
    return !md5.isEmpty();
  }

  @Override
  public String toString() {
    return host + ":" + path;
  }
}
