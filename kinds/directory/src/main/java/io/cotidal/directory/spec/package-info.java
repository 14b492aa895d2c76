/**
 * What is wanted: the typed configuration of a replicated directory. Depends on the model and on
 * graph.
 */
@NullMarked
package io.cotidal.directory.spec;

import org.jspecify.annotations.NullMarked;
