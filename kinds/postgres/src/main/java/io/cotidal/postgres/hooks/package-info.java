/**
 * Plug-ins as programs: asked with one JSON object, answered with one. Depends on specs and on
 * processes; nothing here decides anything.
 */
@NullMarked
package io.cotidal.postgres.hooks;

import org.jspecify.annotations.NullMarked;
