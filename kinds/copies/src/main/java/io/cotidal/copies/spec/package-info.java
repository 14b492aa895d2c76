/**
 * What is wanted: the typed configuration of a template and its copies. Depends on the model only.
 */
@NullMarked
package io.cotidal.copies.spec;

import org.jspecify.annotations.NullMarked;
