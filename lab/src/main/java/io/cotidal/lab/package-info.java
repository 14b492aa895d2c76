/**
 * Real servers for tests, the demo and the measurements: ports, folders and processes of their own
 * that never outlive their owner for long, faults to strike them with, and probers that count what
 * clients see; and what every kind's driver promises, as {@link io.cotidal.lab.DriverTrial}.
 *
 * <p>Depends on the driver of PostgreSQL and on Linux's {@code /proc}; on no other room of the
 * house but {@code remote}, {@code pgclient} and the engine's port for drivers.
 */
@NullMarked
package io.cotidal.lab;

import org.jspecify.annotations.NullMarked;
