package io.cotidal.copies.servers.docker;

import java.util.List;

/**
 * An image that is on this host.
 *
 * @param id its digest
 * @param volumes folders for which Docker would make a volume in each container
 */
public record Image(String id, List<String> volumes) {
  /** Copies the list. */
  public Image {
    volumes = List.copyOf(volumes);
  }
}
