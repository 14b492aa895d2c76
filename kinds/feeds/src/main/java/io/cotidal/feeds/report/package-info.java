/** What a replica tells the master's three tables: queued while it is down, delivered once. */
@NullMarked
package io.cotidal.feeds.report;

import org.jspecify.annotations.NullMarked;
