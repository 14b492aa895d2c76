/** What the driver does, against servers. */
@NullMarked
package io.cotidal.feeds.steps;

import org.jspecify.annotations.NullMarked;
