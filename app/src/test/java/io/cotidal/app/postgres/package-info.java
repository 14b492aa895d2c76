/** What a daemon does about PostgreSQL clusters beside running them. */
@NullMarked
package io.cotidal.app.postgres;

import org.jspecify.annotations.NullMarked;
