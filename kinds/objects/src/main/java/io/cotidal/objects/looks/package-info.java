/**
 * How a container stands at one site, for whoever decides about it, and what they do there: the
 * daemon and gateways. May use {@code swift}, {@code state} and {@code placement}.
 */
@NullMarked
package io.cotidal.objects.looks;

import org.jspecify.annotations.NullMarked;
