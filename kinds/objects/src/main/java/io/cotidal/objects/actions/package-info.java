/** What people can ask of a namespace. Pure. */
@NullMarked
package io.cotidal.objects.actions;

import org.jspecify.annotations.NullMarked;
