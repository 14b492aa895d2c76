/** HTTP as bytes: a streaming proxy on Netty. It decides nothing about containers. */
@NullMarked
package io.cotidal.gateway.wire;

import org.jspecify.annotations.NullMarked;
