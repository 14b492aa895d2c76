/**
 * Decides: verdict, wanted operations, their steps. Pure; depends on the engine, spec, graph and
 * observe.
 */
@NullMarked
package io.cotidal.directory.plan;

import org.jspecify.annotations.NullMarked;
