/**
 * Dumps: recognised by their content, decompressed on the way, measured. Nothing in a dump is
 * trusted. Depends on model.
 */
@NullMarked
package io.cotidal.copies.imports;

import org.jspecify.annotations.NullMarked;
