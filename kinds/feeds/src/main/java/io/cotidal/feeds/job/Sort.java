package io.cotidal.feeds.job;

import java.util.Arrays;
import java.util.Optional;

/** What a job is about; each has a folder, or a file, of its own in the state repository. */
public enum Sort {
  /** A table in PostGIS with its layer. */
  LAYER("layers", "layer"),
  /** A cascaded WMS. */
  WMS_STORE("wms_stores", "wms-store"),
  /** A layer of a cascaded WMS. */
  WMS_LAYER("wms_layers", "wms-layer"),
  /** A datastore that points at a live PostGIS elsewhere. */
  LIVE_STORE("live_stores", "live-store"),
  /** A layer on a live store. */
  LIVE_LAYER("live_layers", "live-layer"),
  /** A layer group. */
  GROUP("layergroups", "group"),
  /** A schema with its role policy, and the GeoServer workspace of that name. */
  WORKSPACE("workspaces", "workspace"),
  /** GeoServer's rules of access to data: one file a channel. */
  RULES("layers.properties", "rules"),
  /** Roles for PostgreSQL: one file a repository. */
  ROLES("slave_roles.sql", "roles");

  private final String folder;
  private final String word;

  Sort(String folder, String word) {
    this.folder = folder;
    this.word = word;
  }

  /** The folder below the channel, or the file's name. */
  public String folder() {
    return folder;
  }

  /** The word for people and keys, for example {@code wms-layer}. */
  public String word() {
    return word;
  }

  /** Whether its jobs are documents in a folder, one a thing. */
  public boolean foldered() {
    return this != RULES && this != ROLES;
  }

  /** The sort of that folder. */
  public static Optional<Sort> ofFolder(String folder) {
    return Arrays.stream(values()).filter(s -> s.foldered() && s.folder.equals(folder)).findFirst();
  }

  /** The sort of that word. */
  public static Optional<Sort> ofWord(String word) {
    return Arrays.stream(values()).filter(s -> s.word.equals(word)).findFirst();
  }
}
