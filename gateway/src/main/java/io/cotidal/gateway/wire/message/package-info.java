/**
 * HTTP/1.1 messages on paper: bytes in, records out, and the other way round. No channel, no clock.
 * What two readers might understand differently is refused.
 */
@NullMarked
package io.cotidal.gateway.wire.message;

import org.jspecify.annotations.NullMarked;
