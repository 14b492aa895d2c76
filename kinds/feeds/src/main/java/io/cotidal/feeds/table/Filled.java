package io.cotidal.feeds.table;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Fills a table that is empty with the rows of a dump: in binary if all its columns' forms are
 * known, else in text.
 *
 * @param table quoted for SQL
 * @param binary false to have them in text in any case
 */
record Filled(Session session, String table, boolean binary) {
  /**
   * Sends the rows; how many there were.
   *
   * @throws BinaryRows.Doubt if they must be sent in text, in another transaction
   */
  long with(Clause.Rows rows, InputStream text)
      throws TableException, InterruptedException, IOException {
    List<Form> forms = binary ? forms(rows.columns()) : List.of();
    return forms.isEmpty()
        ? session.copy(rows.text(), text)
        : session.copy(rows.binary(), new BinaryRows(text, forms));
  }

  /** Those of the columns; none if one is not known. */
  private List<Form> forms(List<String> columns) throws TableException, InterruptedException {
    record Column(String name, Optional<Form> form) {}
    Map<String, Optional<Form>> known =
        session
            .rows(
                """
                SELECT a.attname, CASE
                  WHEN t.typnamespace = 'pg_catalog'::regnamespace THEN t.typname
                  WHEN EXISTS (SELECT FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
                    WHERE d.classid = 'pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e'
                      AND d.refclassid = 'pg_extension'::regclass AND e.extname = 'postgis')
                    THEN t.typname ELSE '' END
                FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
                WHERE a.attrelid = ?::regclass AND a.attnum > 0 AND NOT a.attisdropped
                """,
                row -> new Column(row.getString(1), Form.of(row.getString(2))),
                table)
            .stream()
            .collect(Collectors.toMap(Column::name, Column::form));
    List<Form> forms =
        columns.stream()
            .flatMap(name -> known.getOrDefault(name, Optional.empty()).stream())
            .toList();
    return forms.size() == columns.size() ? forms : List.of();
  }
}
