/** What the relay does without sites. */
@NullMarked
package io.cotidal.gateway.relay;

import org.jspecify.annotations.NullMarked;
