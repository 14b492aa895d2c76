/**
 * What HandyRep left behind: its files, read as its code reads them, and what of them holds for a
 * cluster of Cotidal. Pure: texts in, texts out.
 */
@NullMarked
package io.cotidal.postgres.compat;

import org.jspecify.annotations.NullMarked;
