package io.cotidal.objects.mover;

import io.cotidal.model.MemberId;
import io.cotidal.objects.names.ContainerName;

/**
 * A container that has to be at a site, with a key, before a large object can come there: its
 * segments lie in it.
 */
public record Need(ContainerName container, MemberId site) implements Comparable<Need> {
  @Override
  public int compareTo(Need other) {
    int containers = container.compareTo(other.container);
    return containers != 0 ? containers : site.compareTo(other.site);
  }
}
