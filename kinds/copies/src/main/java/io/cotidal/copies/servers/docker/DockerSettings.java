package io.cotidal.copies.servers.docker;

import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * How servers are run in containers.
 *
 * @param socket the Unix socket of the Docker Engine
 * @param image what the containers are made of; must be on the host
 * @param owner who of several that share the Engine made a container, for example the path of the
 *     volume; containers of others are never touched
 * @param patience how long a call without a deadline of its own may take
 */
public record DockerSettings(Path socket, ImageName image, String owner, Duration patience) {
  private static final Pattern OWNER = Pattern.compile("[a-zA-Z0-9_./:-]{1,200}");

  /** Checks the owner, which becomes a label. */
  public DockerSettings {
    if (!OWNER.matcher(owner).matches()) {
      throw new IllegalArgumentException(
          "'"
              + Answer.oneLine(owner)
              + "' cannot be written on a label: use letters, digits and _./:-");
    }
  }
}
