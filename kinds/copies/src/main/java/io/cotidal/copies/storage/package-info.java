/**
 * Volumes: where generations and copies lie, and the cheapest way in which a volume can copy a
 * folder. Depends on model and remote.
 */
@NullMarked
package io.cotidal.copies.storage;

import org.jspecify.annotations.NullMarked;
