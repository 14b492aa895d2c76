/**
 * What clients and settings of the original, DB replicator (later called myaas), find here: its
 * HTTP API as a pure function over a {@link io.cotidal.copies.compat.CopyDesk}, and its environment
 * variables. Depends on the model and Jackson.
 */
@NullMarked
package io.cotidal.copies.compat;

import org.jspecify.annotations.NullMarked;
