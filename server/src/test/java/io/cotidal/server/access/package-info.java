/** Tests of who is let in. */
@NullMarked
package io.cotidal.server.access;

import org.jspecify.annotations.NullMarked;
