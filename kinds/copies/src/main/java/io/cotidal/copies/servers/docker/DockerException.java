package io.cotidal.copies.servers.docker;

import java.io.IOException;

/** What the Docker Engine could not do or did not answer; one line with reason and remedy. */
public final class DockerException extends IOException {
  private static final long serialVersionUID = 1;

  /** With that message. */
  public DockerException(String message) {
    super(message);
  }

  /** With that message, because of {@code cause}. */
  public DockerException(String message, Throwable cause) {
    super(message, cause);
  }
}
