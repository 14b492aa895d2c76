/** What the application does for clusters of PostgreSQL beside running them. */
@NullMarked
package io.cotidal.app.postgres;

import org.jspecify.annotations.NullMarked;
