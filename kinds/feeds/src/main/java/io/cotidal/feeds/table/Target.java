package io.cotidal.feeds.table;

import io.cotidal.feeds.job.Body;
import io.cotidal.pgclient.Quote;

/**
 * A published table.
 *
 * @param schemas where readers see it and where its data lies
 * @param name of the view that readers see, and of the table in the master's dump
 */
public record Target(Body.Schemas schemas, String name) {
  /** The view, quoted for SQL. */
  String view() {
    return quoted(schemas.view(), name);
  }

  /** A table of its data schema, quoted for SQL. */
  String data(String relation) {
    return quoted(schemas.data(), relation);
  }

  /** Both parts of a name, quoted for SQL. */
  static String quoted(String schema, String name) {
    return Quote.identifier(schema) + "." + Quote.identifier(name);
  }

  /** As people call it: {@code sites.parcels}. */
  @Override
  public String toString() {
    return schemas.view() + "." + name;
  }
}
