/**
 * What stands between clients and members, made to move with the primary: looks at proxies, and the
 * acts that planners ask for. Depends on specs, facts and the acts' words, on sessions and gates;
 * servers are somebody else's.
 */
@NullMarked
package io.cotidal.postgres.proxies;

import org.jspecify.annotations.NullMarked;
