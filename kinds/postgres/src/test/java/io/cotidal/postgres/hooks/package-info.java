/** Plans, tested from what members could be seen to say; no server and no clock. */
@NullMarked
package io.cotidal.postgres.hooks;

import org.jspecify.annotations.NullMarked;
