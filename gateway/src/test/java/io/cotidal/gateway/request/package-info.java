/** Requests as they may come. */
@NullMarked
package io.cotidal.gateway.request;

import org.jspecify.annotations.NullMarked;
