/**
 * The kinds as the house knows them: one {@link io.cotidal.app.kinds.Wing} each, and the list.
 * Whoever adds a kind adds a wing and one line in {@link io.cotidal.app.kinds.Kinds}; nothing else
 * in app names a kind, but what is that kind's alone.
 */
@NullMarked
package io.cotidal.app.kinds;

import org.jspecify.annotations.NullMarked;
