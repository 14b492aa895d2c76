/** What people can ask of a directory. Depends on the model. */
@NullMarked
package io.cotidal.directory.actions;

import org.jspecify.annotations.NullMarked;
