/** What is wanted: the typed configuration of a PostgreSQL cluster. Depends on the model only. */
@NullMarked
package io.cotidal.postgres.spec;

import org.jspecify.annotations.NullMarked;
