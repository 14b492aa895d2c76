package io.cotidal.feeds.job;

import io.cotidal.model.Secret;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a thing shall be while it is published. */
public sealed interface Body {
  /**
   * Who may read.
   *
   * <p>The numbers are the master's: 0 for everybody, 1 for whoever is signed in, 2 for one role.
   */
  enum Access {
    EVERYBODY,
    SIGNED_IN,
    ONE_ROLE
  }

  /**
   * A table with its layer.
   *
   * @param schemas where the table lies
   * @param data the dump; empty if the job has none (then the database part is nothing)
   * @param spatialColumn empty if the table has no geometry
   * @param spatialType for example {@code POLYGON}; empty if unknown
   * @param database whether the table shall be in the database
   * @param shown whether the layer shall be at GeoServer
   * @param preview where the master wants a picture of it; empty if nowhere
   * @param deltas what spares a replica the dump; none of them is needed
   */
  record Layer(
      Schemas schemas,
      Optional<Blob> data,
      String spatialColumn,
      String spatialType,
      boolean database,
      boolean shown,
      Access access,
      Optional<Blob> preview,
      Face face,
      List<Delta> deltas)
      implements Body {
    /** Copies the list. */
    public Layer {
      deltas = List.copyOf(deltas);
    }
  }

  /**
   * A file with the rows that changed between two contents of a layer's table.
   *
   * @param file with its checksum
   * @param from digest of the table before, as {@link Thing.Wish.Publish#data} has it
   * @param to digest of the table after, likewise
   */
  record Delta(Blob file, String from, String to) {}

  /**
   * The schemas of a workspace: what readers see, what holds the data, what the original needed.
   */
  record Schemas(String view, String data, String outdated) {}

  /**
   * A cascaded WMS.
   *
   * @param capabilities absolute {@code http} or {@code https} URL
   * @param user empty for none
   */
  record WmsStore(
      String capabilities,
      String user,
      Secret password,
      int maxConnections,
      int readTimeout,
      int connectTimeout)
      implements Body {}

  /**
   * A layer of a cascaded WMS.
   *
   * @param store name of the WMS store in the same workspace
   * @param nativeName its name at the other server
   */
  record WmsLayer(String store, String nativeName, Access access, Optional<Blob> preview, Face face)
      implements Body {}

  /**
   * A datastore that points at a live PostGIS.
   *
   * @param settings further connection keys of GeoTools, as the master says them
   */
  record LiveStore(
      String host,
      int port,
      String database,
      String user,
      Secret password,
      String schema,
      SortedMap<String, String> settings)
      implements Body {
    /** Copies the map. */
    public LiveStore {
      settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
    }
  }

  /**
   * A layer on a live store.
   *
   * @param query one SELECT that stands for the table; empty if {@code table} is read itself
   */
  record LiveLayer(
      String store,
      String table,
      String query,
      String spatialColumn,
      String spatialType,
      Access access,
      Optional<Blob> preview,
      Face face)
      implements Body {}

  /** A layer group; members in the order in which they are drawn. */
  record Group(List<Member> members, Access access, Face face) implements Body {
    /** Copies the list. */
    public Group {
      members = List.copyOf(members);
    }
  }

  /** One member of a group: a layer of some sort, or another group. */
  record Member(Sort sort, String workspace, String name) {
    /** What is meant. */
    public Subject subject() {
      return new Subject(sort, workspace, name);
    }
  }

  /** A schema with its role policy. */
  record Workspace(Schemas schemas, Access access, boolean database, boolean shown)
      implements Body {}

  /** Rules of access, in order, as the file says them: {@code sites.*.r} to {@code ROLE_X}. */
  record Rules(List<Rule> rules) implements Body {
    /** Copies the list. */
    public Rules {
      rules = List.copyOf(rules);
    }
  }

  /** One rule. */
  record Rule(String resource, String roles) {}

  /** Roles for PostgreSQL. The text may hold passwords, and is not shown. */
  record Roles(String sql) implements Body {
    @Override
    public String toString() {
      return "Roles[***]";
    }
  }
}
