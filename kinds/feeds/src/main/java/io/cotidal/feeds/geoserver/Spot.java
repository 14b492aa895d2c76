package io.cotidal.feeds.geoserver;

import io.cotidal.feeds.job.Subject;

/**
 * Where something that is shown stands at a GeoServer.
 *
 * @param store empty for a group
 * @param cascaded whether its store is a WMS
 * @param features whether WFS gives its features
 * @param drawn whether WMS draws it
 */
public record Spot(
    String workspace,
    String store,
    String name,
    boolean cascaded,
    boolean features,
    boolean drawn) {

  /**
   * A table's layer.
   *
   * @param spatial whether the table has a geometry
   */
  public static Spot layer(Subject subject, boolean spatial) {
    return live(subject, own(subject.workspace()), spatial);
  }

  /** A layer on a live store. */
  public static Spot live(Subject subject, String store, boolean spatial) {
    return new Spot(subject.workspace(), store, subject.name(), false, true, spatial);
  }

  /** A layer of a cascaded WMS. */
  public static Spot cascaded(Subject subject, String store) {
    return new Spot(subject.workspace(), store, subject.name(), true, false, true);
  }

  /** A group. */
  public static Spot group(Subject subject) {
    return new Spot(subject.workspace(), "", subject.name(), false, false, true);
  }

  /** The workspace's own datastore. */
  static String own(String workspace) {
    return workspace + "_ds";
  }

  /** As services name it: {@code workspace:name}. */
  public String qualified() {
    return workspace + ":" + name;
  }
}
