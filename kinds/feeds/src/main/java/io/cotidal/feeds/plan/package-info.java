/**
 * What decides: which job is to be published, withdrawn or rolled back, and in which steps. Pure.
 */
@NullMarked
package io.cotidal.feeds.plan;

import org.jspecify.annotations.NullMarked;
