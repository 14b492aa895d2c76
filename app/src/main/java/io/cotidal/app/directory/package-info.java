/** What the kind directory needs of the house beside its resources. */
@NullMarked
package io.cotidal.app.directory;

import org.jspecify.annotations.NullMarked;
