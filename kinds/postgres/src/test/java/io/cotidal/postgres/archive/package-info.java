/** Tests of the archive's script, of what lies in an archive, and of what may go. */
@NullMarked
package io.cotidal.postgres.archive;

import org.jspecify.annotations.NullMarked;
