/**
 * What is wanted: the typed configuration of one replica. Depends on the model, filters and
 * subjects only.
 */
@NullMarked
package io.cotidal.feeds.spec;

import org.jspecify.annotations.NullMarked;
