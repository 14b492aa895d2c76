/**
 * The order of changes that several gateways let through: a hybrid logical clock. Pure: whoever
 * keeps it says what time it is.
 */
@NullMarked
package io.cotidal.gateway.clock;

import org.jspecify.annotations.NullMarked;
