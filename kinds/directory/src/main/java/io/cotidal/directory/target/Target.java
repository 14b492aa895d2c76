package io.cotidal.directory.target;

import io.cotidal.directory.spec.DirectorySpec;

/**
 * A vendor's directory servers. Found by {@link java.util.ServiceLoader} under its name; an
 * implementation passes the conformance kit, {@code TargetConformance}. Stateless and thread-safe.
 */
public interface Target {
  /** The word for it in configuration: {@code 389ds}, {@code openldap}. */
  String name();

  /**
   * Opens nothing yet.
   *
   * @throws IllegalArgumentException with one line if the vendor's servers cannot do what {@code
   *     spec} asks for
   */
  Servers servers(DirectorySpec spec);
}
