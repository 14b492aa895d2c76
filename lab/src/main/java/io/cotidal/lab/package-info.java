/**
 * Real servers for tests, the demo and the measurements: ports, folders and processes of their own
 * that never outlive their owner for long, faults to strike them with, and probers that count what
 * clients see.
 *
 * <p>Depends on the driver of PostgreSQL and on Linux's {@code /proc}; on no other room of the
 * house but {@code remote} and {@code pgclient}.
 */
@NullMarked
package io.cotidal.lab;

import org.jspecify.annotations.NullMarked;
