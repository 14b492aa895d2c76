package io.cotidal.app.config;

import io.cotidal.directory.spec.DirectorySpec;
import io.cotidal.sources.spec.SourceSpec;
import java.util.List;
import java.util.Optional;

/**
 * What the operator asked for of directories.
 *
 * @param named in the order of the file
 * @param alone whether this daemon must have its store to itself, as the original's module {@code
 *     standalone} has it
 * @param warnings what an operator should know of the original's environment
 */
public record Directories(List<Directory> named, boolean alone, List<String> warnings) {
  /** Nothing was asked for. */
  static final Directories NONE = new Directories(List.of(), false, List.of());

  /** Copies the lists. */
  public Directories {
    named = List.copyOf(named);
    warnings = List.copyOf(warnings);
  }

  /**
   * One directory.
   *
   * @param spec without members if a source names them
   * @param source names the members; empty if the file does
   * @param port of members for which nobody says another; 0 for the usual one
   */
  public record Directory(DirectorySpec spec, Optional<SourceSpec> source, int port) {}
}
