/**
 * What a container is beside its objects, and how it becomes the same at all its sites: which
 * headers are its state, which site's state wins, what a deletion means, what was agreed last.
 * Pure: whoever looks and acts is elsewhere.
 */
@NullMarked
package io.cotidal.objects.state;

import org.jspecify.annotations.NullMarked;
