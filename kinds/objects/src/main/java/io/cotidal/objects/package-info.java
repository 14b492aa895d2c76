/** The kind {@code objects}: one namespace of containers over independent Swift sites. */
@NullMarked
package io.cotidal.objects;

import org.jspecify.annotations.NullMarked;
