/** The archive of the log, base backups, and what is made of them. */
@NullMarked
package io.cotidal.postgres.plan.archiving;

import org.jspecify.annotations.NullMarked;
