/** What one daemon does about PostgreSQL clusters beside running them: it tells people. */
@NullMarked
package io.cotidal.app.postgres;

import org.jspecify.annotations.NullMarked;
