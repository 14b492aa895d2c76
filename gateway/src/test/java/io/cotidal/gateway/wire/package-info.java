@NullMarked
package io.cotidal.gateway.wire;

import org.jspecify.annotations.NullMarked;
