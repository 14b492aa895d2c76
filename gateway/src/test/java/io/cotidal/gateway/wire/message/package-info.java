@NullMarked
package io.cotidal.gateway.wire.message;

import org.jspecify.annotations.NullMarked;
