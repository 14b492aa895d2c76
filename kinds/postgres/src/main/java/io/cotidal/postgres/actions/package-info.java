/** What people can ask for. */
@NullMarked
package io.cotidal.postgres.actions;

import org.jspecify.annotations.NullMarked;
