/** Tests of the metrics. */
@NullMarked
package io.cotidal.server.metrics;

import org.jspecify.annotations.NullMarked;
