/** Tests of Swift's own, through the gateway. */
@NullMarked
package io.cotidal.gateway.suite;

import org.jspecify.annotations.NullMarked;
