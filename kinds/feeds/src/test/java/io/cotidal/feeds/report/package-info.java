/** Tests of reports: the queue on a disk, and a master on a real server. */
@NullMarked
package io.cotidal.feeds.report;

import org.jspecify.annotations.NullMarked;
