package io.cotidal.gateway.reading;

import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.swift.Reading;
import java.util.Optional;

/**
 * Where an object lies, at whatever site.
 *
 * @param version which version of it; the current one if empty
 */
record Spot(ContainerName container, String object, Optional<String> version) {
  private static final String VERSION = "/v1";

  /** The current version. */
  static Spot of(ContainerName container, String object) {
    return new Spot(container, object, Optional.empty());
  }

  /** As the site keeps it, whatever it stands for. */
  Reading raw() {
    return of(Reading.raw(container, object));
  }

  /** As the large object that it stands for, but a link as itself. */
  Reading whole() {
    return of(Reading.whole(container, object));
  }

  /** How it is asked for raw, from the version of the interface on. */
  String target() {
    return VERSION + raw().target();
  }

  private Reading of(Reading reading) {
    return version.map(reading::version).orElse(reading);
  }

  /** In the same account. */
  boolean beside(Spot other) {
    return container.account().equals(other.container.account());
  }
}
