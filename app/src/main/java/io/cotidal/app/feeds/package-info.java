/** What of replicas of published datasets is not a resource: their checks, and Mercurial's hook. */
@NullMarked
package io.cotidal.app.feeds;

import org.jspecify.annotations.NullMarked;
