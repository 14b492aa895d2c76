/** What people can ask of a replica. */
@NullMarked
package io.cotidal.feeds.actions;

import org.jspecify.annotations.NullMarked;
