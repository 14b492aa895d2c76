/** Tests of the reader of jobs. */
@NullMarked
package io.cotidal.feeds.job;

import org.jspecify.annotations.NullMarked;
