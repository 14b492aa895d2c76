/**
 * The settings of the original of this kind, AutoRep: its variables and what they mean here.
 * Depends on spec.
 */
@NullMarked
package io.cotidal.directory.compat;

import org.jspecify.annotations.NullMarked;
