/**
 * Families of database servers: how one is initialised, run, filled, asked and shown to its users.
 * {@link io.cotidal.copies.database.DatabaseEngine} is the seam; implementations are found by
 * {@link java.util.ServiceLoader}. Depends on model, remote, pgclient.
 */
@NullMarked
package io.cotidal.copies.database;

import org.jspecify.annotations.NullMarked;
