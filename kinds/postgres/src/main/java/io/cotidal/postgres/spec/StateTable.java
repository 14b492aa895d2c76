package io.cotidal.postgres.spec;

/**
 * A table in the managed database to which a cluster's state is written, as HandyRep had it.
 *
 * @param schema plain lower-case name
 * @param table plain lower-case name
 */
public record StateTable(String schema, String table) {
  @Override
  public String toString() {
    return schema + "." + table;
  }
}
