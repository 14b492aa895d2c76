/**
 * The words of Cotidal as records: what was asked for, what was seen, what is planned, what is
 * being done.
 *
 * <p>Depends on nothing but the JDK's values: no I/O, no clock, no thread. Everything here is
 * immutable and safe to share.
 */
@NullMarked
package io.cotidal.model;

import org.jspecify.annotations.NullMarked;
