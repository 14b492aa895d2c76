/**
 * What a state repository says, as records: jobs of every kind and generation, read and checked.
 * Pure; depends on nothing of this kind.
 */
@NullMarked
package io.cotidal.feeds.job;

import org.jspecify.annotations.NullMarked;
