package io.cotidal.objects.compat;

import java.util.Optional;

/**
 * The files of one site.
 *
 * @param proxy {@code proxy-server.conf}
 * @param container {@code container-server.conf}, if it is at hand
 */
public record SiteFiles(File proxy, Optional<File> container) {
  /**
   * One file.
   *
   * @param name what messages call it
   */
  public record File(String name, String text) {
    /** Says nothing of the text: it holds passwords. */
    @Override
    public String toString() {
      return name;
    }
  }
}
