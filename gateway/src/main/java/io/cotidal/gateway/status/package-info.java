/**
 * Says how a gateway fares: metrics, health, and what waits for other sites. Read only, without
 * tokens, and without a secret in any answer: meant for this machine alone.
 */
@NullMarked
package io.cotidal.gateway.status;

import org.jspecify.annotations.NullMarked;
