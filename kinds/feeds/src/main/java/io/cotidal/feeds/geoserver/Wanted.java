package io.cotidal.feeds.geoserver;

import io.cotidal.feeds.job.Body;
import io.cotidal.feeds.job.Subject;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a GeoServer shall have. */
public sealed interface Wanted {
  /** What it is about. */
  Subject subject();

  /**
   * A workspace with its namespace.
   *
   * @param schema what its datastore {@code <workspace>_ds} shows; empty if it needs none
   * @param renewed whether the database's password is told again: GeoServer shows none to compare
   */
  record Workspace(Subject subject, Optional<String> schema, boolean renewed) implements Wanted {}

  /**
   * A table's layer.
   *
   * @param table what it shows
   * @param styles files of the styles by the names that {@code body} gives them
   */
  record Layer(Subject subject, Body.Layer body, Table table, SortedMap<String, Path> styles)
      implements Wanted {
    /** Copies the map. */
    public Layer {
      styles = Collections.unmodifiableSortedMap(new TreeMap<>(styles));
    }
  }

  /**
   * A table or view.
   *
   * @param crs what the database says, for example {@code EPSG:4326}; empty if it does not
   */
  record Table(String schema, String name, String crs) {}

  /**
   * A datastore of a live PostGIS.
   *
   * @param renewed whether its password is told again
   */
  record LiveStore(Subject subject, Body.LiveStore body, boolean renewed) implements Wanted {}

  /** A layer on a live store. */
  record LiveLayer(Subject subject, Body.LiveLayer body, SortedMap<String, Path> styles)
      implements Wanted {
    /** Copies the map. */
    public LiveLayer {
      styles = Collections.unmodifiableSortedMap(new TreeMap<>(styles));
    }
  }

  /**
   * A cascaded WMS.
   *
   * @param renewed whether its password is told again
   */
  record WmsStore(Subject subject, Body.WmsStore body, boolean renewed) implements Wanted {}

  /** A layer of a cascaded WMS. */
  record WmsLayer(Subject subject, Body.WmsLayer body) implements Wanted {}

  /** A layer group; its members must be there already. */
  record Group(Subject subject, Body.Group body) implements Wanted {}

  /**
   * Rules of access.
   *
   * @param formerly resources that an earlier state of the file named: those that it names no more
   *     are taken away, and nobody else's
   */
  record Rules(Subject subject, Body.Rules body, Set<String> formerly) implements Wanted {
    /** Copies the set. */
    public Rules {
      formerly = Set.copyOf(formerly);
    }
  }
}
