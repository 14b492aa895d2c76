package io.cotidal.feeds.job;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How a layer is shown: the fields that the master owns. Everything else at GeoServer is its
 * operator's.
 *
 * @param title empty if the master says none
 * @param summary the abstract
 * @param crs for example {@code EPSG:4326}; empty if the data says
 * @param overrideBox whether {@code box} goes before what the data says
 * @param styles by name, {@code builtin} among them; exactly one is the default, if there is any
 * @param defaultStyle name of the style that is used unless another is asked for; empty for none
 * @param cache how tiles are kept; empty for no tiles
 * @param service {@code WFS}, {@code WMS}, or empty
 */
public record Face(
    String title,
    String summary,
    List<String> keywords,
    String crs,
    Optional<Box> box,
    boolean overrideBox,
    SortedMap<String, Blob> styles,
    String defaultStyle,
    Optional<Cache> cache,
    String service) {
  /** Copies the collections. */
  public Face {
    keywords = List.copyOf(keywords);
    styles = Collections.unmodifiableSortedMap(new TreeMap<>(styles));
  }

  /** A rectangle in degrees, or in units of the layer's CRS. */
  public record Box(double minX, double minY, double maxX, double maxY) {}

  /**
   * How tiles are kept.
   *
   * @param serverExpire seconds that the server keeps a tile; 0 for as long as it likes
   * @param clientExpire seconds that a client may keep a tile; 0 for its own choice
   * @param metaWidth tiles a side that are drawn at once
   * @param metaHeight the same, the other way
   */
  public record Cache(int serverExpire, int clientExpire, int metaWidth, int metaHeight) {}
}
