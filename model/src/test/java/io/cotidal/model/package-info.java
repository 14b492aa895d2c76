/** The records, tested. */
@NullMarked
package io.cotidal.model;

import org.jspecify.annotations.NullMarked;
