/**
 * How {@code cot} speaks with whoever started it: streams, exit codes, failures, tables, colours,
 * YAML.
 *
 * <p>Depends on the JDK only. Knows nothing of resources or of the API.
 */
@NullMarked
package io.cotidal.cli.terminal;

import org.jspecify.annotations.NullMarked;
