/** Tests of how files come from the master. */
@NullMarked
package io.cotidal.feeds.transfer;

import org.jspecify.annotations.NullMarked;
