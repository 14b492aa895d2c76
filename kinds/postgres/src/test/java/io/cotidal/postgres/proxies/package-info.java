/** Tests of how proxies are reached. */
@NullMarked
package io.cotidal.postgres.proxies;

import org.jspecify.annotations.NullMarked;
