/** Tests of what the application does for clusters of PostgreSQL. */
@NullMarked
package io.cotidal.app.postgres;

import org.jspecify.annotations.NullMarked;
