/**
 * The archive of a cluster's write-ahead log: the script that each member runs, the names that lie
 * in an archive, and what of them may go. Pure, and depends on spec and on the engine's notion of a
 * recovery target only.
 */
@NullMarked
package io.cotidal.postgres.archive;

import org.jspecify.annotations.NullMarked;
