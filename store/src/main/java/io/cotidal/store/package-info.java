/**
 * The engine's {@link io.cotidal.engine.Store} port on SQLite.
 *
 * <p>One thread writes, in groups that share a commit; a few connections read. The SQL keeps to
 * what SQLite and PostgreSQL have in common; what is SQLite's own stands in one class. Depends on
 * the engine's ports and the model.
 */
@NullMarked
package io.cotidal.store;

import org.jspecify.annotations.NullMarked;
