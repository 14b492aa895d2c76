/**
 * How records become JSON and JSON becomes values. Writing follows the records' components; reading
 * yields a tree that the caller takes apart field by field, so that no text from outside ever names
 * a class.
 *
 * <p>Depends on the model and Jackson.
 */
@NullMarked
package io.cotidal.server.json;

import org.jspecify.annotations.NullMarked;
