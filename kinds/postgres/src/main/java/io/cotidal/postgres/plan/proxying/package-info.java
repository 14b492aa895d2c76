/** Clusters behind proxies: the same decisions, with clients held and led on. */
@NullMarked
package io.cotidal.postgres.plan.proxying;

import org.jspecify.annotations.NullMarked;
