/**
 * Joins what decides about a request: judges it, writes its intention down, tells its client. Knows
 * all other rooms of the gateway but the proxy.
 */
@NullMarked
package io.cotidal.gateway.desk;

import org.jspecify.annotations.NullMarked;
